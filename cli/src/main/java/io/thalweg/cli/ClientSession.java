package io.thalweg.cli;

import io.thalweg.client.Client;
import io.thalweg.client.ConnectionConfig;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.transport.netty.NettyTransport;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A client with its transport. Confined to the command's thread. */
final class ClientSession implements AutoCloseable {

    /** Nobody looks at a command that says nothing for longer than this without wondering. */
    private static final long SILENCE_MILLIS = 1_000;

    private final Transport transport;
    private final Client client;
    private final ConnectionConfig config;
    private final Terminal terminal;
    private boolean hasSaidThatItWaits;

    private ClientSession(Transport transport, Client client, ConnectionConfig config, Terminal terminal) {
        this.transport = transport;
        this.client = client;
        this.config = config;
        this.terminal = terminal;
    }

    static ClientSession open(ConnectionConfig config, Terminal terminal) {
        var transport = NettyTransport.open(new TransportContext("thalweg-client-network", 1));
        return new ClientSession(transport, Client.connect(transport, config), config, terminal);
    }

    Client client() {
        return client;
    }

    /** Waits for the stage, which the client completes within its time limits; says so, once, if that takes a while. */
    <T> T await(CompletionStage<T> stage) {
        var future = stage.toCompletableFuture();
        if (!hasSaidThatItWaits && !endsSoon(future)) {
            hasSaidThatItWaits = true;
            var brokers = config.bootstrap().stream().map(String::valueOf).collect(Collectors.joining(", "));
            terminal.err()
                    .println("thalweg: waiting for " + brokers + ", for at most "
                            + config.retryTimeout().toSeconds() + " s");
        }
        return future.join();
    }

    private static boolean endsSoon(CompletableFuture<?> future) {
        return future.handle((value, failure) -> true)
                .completeOnTimeout(false, SILENCE_MILLIS, TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public void close() {
        client.close();
        transport.close();
    }
}
