package io.thalweg.simulation.world;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The network as one process sees it, with one event loop. Owned by the scheduler. */
final class SimulatedTransport implements Transport {

    private static final long CONNECT_TIMEOUT_NANOS = 1_000_000_000L;

    private final SimulatedNetwork network;
    private final SimulatedProcess process;
    private final SimulatedEventLoop loop;

    SimulatedTransport(SimulatedNetwork network, SimulatedProcess process) {
        this.network = network;
        this.process = process;
        this.loop = new SimulatedEventLoop(process.lane("network"));
    }

    SimulatedNetwork network() {
        return network;
    }

    SimulatedProcess process() {
        return process;
    }

    @Override
    public CompletionStage<Listener> listen(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
        if (network.listenerAt(endpoint) != null) {
            return CompletableFuture.failedFuture(new TransportException("listen on " + endpoint + ": in use", null));
        }
        var listener = new SimulatedListener(this, endpoint, acceptor);
        network.bind(listener);
        process.atDeath(listener::close);
        return CompletableFuture.completedFuture(listener);
    }

    @Override
    public CompletionStage<Connection> connect(
            Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
        return connect(loop, endpoint, handler);
    }

    @Override
    public ConnectingLoop openLoop(String name) {
        return new SimulatedConnectingLoop(this, new SimulatedEventLoop(process.lane(name)));
    }

    /** Connects on this loop. */
    CompletionStage<Connection> connect(
            SimulatedEventLoop on, Endpoint endpoint, Function<Connection, ConnectionHandler> handler) {
        var stage = new CompletableFuture<Connection>();
        on.lane().post(network.latency(), () -> knock(on, endpoint, handler, stage));
        return stage;
    }

    private void knock(
            SimulatedEventLoop on,
            Endpoint endpoint,
            Function<Connection, ConnectionHandler> handler,
            CompletableFuture<Connection> stage) {
        var listener = network.listenerAt(endpoint);
        if (listener == null) {
            refuse(on, endpoint, stage, "nobody listens there");
            return;
        }
        var other = listener.transport();
        if (network.isCut(process, other.process) || network.isCut(other.process, process)) {
            process.timers().schedule(CONNECT_TIMEOUT_NANOS, () -> refuse(on, endpoint, stage, "no answer"));
            return;
        }
        var client = new SimulatedConnection(this, on, endpoint);
        var server = new SimulatedConnection(other, other.loop, new Endpoint(process.toString(), 0));
        client.join(server);
        other.loop.lane().post(network.latency(), () -> server.begin(listener.acceptor()));
        on.lane().post(2 * network.latency(), () -> {
            client.begin(handler);
            stage.complete(client);
        });
    }

    private static void refuse(
            SimulatedEventLoop on, Endpoint endpoint, CompletableFuture<Connection> stage, String why) {
        on.lane()
                .post(() -> stage.completeExceptionally(
                        new TransportException("connect to " + endpoint + ": " + why, null)));
    }

    @Override
    public void close() {}
}
