package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.OutboundFrame;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.net.ConnectException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeathWatchTest {

    private final Network network = new Network();
    private final ArrayDeque<Runnable> later = new ArrayDeque<>();
    private final List<String> dead = new ArrayList<>();
    private MetadataImage image = MetadataImage.EMPTY.with(broker(7, false));
    private boolean leads = true;
    private long nowNanos = -7;
    private final DeathWatch watch = new DeathWatch(
            new DeathWatch.Ground(new Loop(), clock(), this::schedule, network),
            () -> leads,
            () -> image,
            (id, epoch) -> dead.add(id + "@" + epoch));

    private static BrokerImage broker(long epoch, boolean isFenced) {
        var endpoint = new BrokerEndpoint("PLAINTEXT", "here", 9092, (short) 0);
        return new BrokerImage(2, new UUID(0, 2), epoch, List.of(endpoint), List.of(), null, isFenced);
    }

    private Timers.Timer schedule(long nanos, Runnable task) {
        later.add(task);
        return () -> later.remove(task);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return TimeUnit.NANOSECONDS.toMillis(nowNanos);
            }

            @Override
            public long nanos() {
                return nowNanos;
            }
        };
    }

    private void letTimePass() {
        nowNanos += TimeUnit.SECONDS.toNanos(1);
        var due = new ArrayList<>(later);
        later.clear();
        due.forEach(Runnable::run);
    }

    @Test
    void aBrokerIsToldDeadWhenItsConnectionEndsAndTheNextIsRefused() {
        watch.begin();
        assertThat(dead).isEmpty();
        letTimePass();

        network.listens = false;
        network.endAll();

        assertThat(dead).containsExactly("2@7");
    }

    @Test
    void aConnectionThatEndsMeansNothingWhereTheNextStands() {
        watch.begin();

        network.endAll();
        letTimePass();

        assertThat(dead).isEmpty();
        assertThat(network.handlers).hasSize(1);
    }

    @Test
    void aConnectionThatEndsAsItBeginsIsMadeAgainAfterAPause() {
        watch.begin();
        assertThat(network.tries).isOne();

        network.endAll();
        assertThat(network.tries).isOne();
        letTimePass();

        assertThat(network.tries).isEqualTo(2);
    }

    @Test
    void whereNothingIsHeardNobodyIsToldDead() {
        network.listens = false;
        network.refuses = false;
        watch.begin();

        letTimePass();

        assertThat(dead).isEmpty();
    }

    @Test
    void itIsToldOnceInALifeUnlessAConnectionStoodMeanwhile() {
        network.listens = false;
        watch.begin();
        letTimePass();
        image = MetadataImage.EMPTY.with(broker(7, true));
        letTimePass();
        image = MetadataImage.EMPTY.with(broker(7, false));
        letTimePass();
        letTimePass();
        assertThat(dead).containsExactly("2@7");

        image = MetadataImage.EMPTY.with(broker(8, false));
        letTimePass();

        assertThat(dead).containsExactly("2@7", "2@8");
    }

    @Test
    void whoDoesNotLeadLooksAtNobody() {
        leads = false;
        network.listens = false;
        watch.begin();

        letTimePass();

        assertThat(dead).isEmpty();
        assertThat(network.tries).isZero();
    }

    @Test
    void connectionsEndWithLeadership() {
        watch.begin();
        assertThat(network.handlers).hasSize(1);

        leads = false;
        letTimePass();

        assertThat(network.handlers).isEmpty();
    }

    /** Runs at once. */
    private static final class Loop implements EventLoop {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public boolean isCurrent() {
            return true;
        }
    }

    /** A network on which one broker listens, or not. */
    private static final class Network implements Transport {

        private final List<ConnectionHandler> handlers = new ArrayList<>();
        private boolean listens = true;
        private boolean refuses = true;
        private int tries;

        @Override
        public CompletionStage<Listener> listen(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
            throw new IllegalStateException("nobody listens in this test");
        }

        @Override
        public CompletionStage<Connection> connect(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
            tries++;
            if (!listens) {
                var cause = new ConnectException(refuses ? "Connection refused" : "connection timed out");
                return CompletableFuture.failedFuture(new TransportException("connect to " + endpoint, cause));
            }
            var connection = new Idle();
            connection.handler = handler.apply(connection);
            handlers.add(connection.handler);
            return CompletableFuture.completedFuture(connection);
        }

        @Override
        public ConnectingLoop openLoop(String name) {
            throw new IllegalStateException("nobody has a loop in this test");
        }

        void endAll() {
            var ended = List.copyOf(handlers);
            handlers.clear();
            ended.forEach(handler -> handler.closed(null));
        }

        @Override
        public void close() {}

        private final class Idle implements Connection {

            private @Nullable ConnectionHandler handler;

            @Override
            public EventLoop eventLoop() {
                return new Loop();
            }

            @Override
            public Endpoint remote() {
                return new Endpoint("here", 9092);
            }

            @Override
            public OutboundFrame newFrame(int bufferBytes) {
                throw new IllegalStateException("nothing is said on it");
            }

            @Override
            public void send(OutboundFrame frame) {
                throw new IllegalStateException("nothing is said on it");
            }

            @Override
            public boolean isWritable() {
                return true;
            }

            @Override
            public void reading(boolean wanted) {}

            @Override
            public void close() {
                handlers.remove(handler);
            }
        }
    }
}
