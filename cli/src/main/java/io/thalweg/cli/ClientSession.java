package io.thalweg.cli;

import io.thalweg.client.Client;
import io.thalweg.client.ClientConfig;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.transport.netty.NettyTransport;
import java.util.concurrent.CompletionStage;

/** A client with its transport. */
final class ClientSession implements AutoCloseable {

    private final Transport transport;
    private final Client client;

    private ClientSession(Transport transport, Client client) {
        this.transport = transport;
        this.client = client;
    }

    static ClientSession open(ClientConfig config) {
        var transport = NettyTransport.open(new TransportContext("thalweg-client-network", 1));
        return new ClientSession(transport, Client.connect(transport, config));
    }

    Client client() {
        return client;
    }

    /** Waits for the stage, which the client completes within its time limits. */
    static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Override
    public void close() {
        client.close();
        transport.close();
    }
}
