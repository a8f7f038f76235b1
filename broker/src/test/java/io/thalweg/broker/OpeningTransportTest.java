package io.thalweg.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class OpeningTransportTest {

    private final AtomicInteger closedCount = new AtomicInteger();

    /** Counts how often it is closed. */
    private final class CountedTransport implements Transport {

        @Override
        public CompletionStage<Listener> listen(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> acceptor) {
            throw new AssertionError("not asked for");
        }

        @Override
        public CompletionStage<Connection> connect(
                Endpoint endpoint, TransportLimits limits, Function<Connection, ConnectionHandler> handler) {
            throw new AssertionError("not asked for");
        }

        @Override
        public ConnectingLoop openLoop(String name) {
            throw new AssertionError("not asked for");
        }

        @Override
        public void close() {
            closedCount.incrementAndGet();
        }
    }

    @Test
    void closingWaitsForTheTransportAndClosesIt() {
        var opening = begin(CountedTransport::new);

        opening.close();

        assertThat(closedCount).hasValue(1);
    }

    @Test
    void anErrorReachesTheOneWhoWaitsAndLeavesNothingToClose() {
        var opening = begin(() -> {
            throw new UnsatisfiedLinkError("no such library");
        });

        assertThatThrownBy(() -> opening.opened().toCompletableFuture().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(UnsatisfiedLinkError.class);
        opening.close();
    }

    private static OpeningTransport begin(Supplier<Transport> opening) {
        return OpeningTransport.begin(opening, new DaemonThreads("opening-test"));
    }
}
