package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How connections begin and end. */
interface ConnectionTests extends TransportTests {

    @Test
    @Verifies("CONNECTION-3")
    default void whatWasSentBeforeCloseStillArrives() throws InterruptedException {
        var link = wire().link();

        link.client().onLoop(() -> {
            for (var number = 0; number < 1_000; number++) {
                link.client().sendNow(new byte[8]);
            }
            link.client().connection().close();
        });

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.client().cause()).isEmpty();
        assertThat(link.server().waitingCount()).isEqualTo(1_000);
    }

    @Test
    @Verifies("CONNECTION-3")
    default void aLastAnswerArrivesThoughThePeerKeepsSending() throws InterruptedException {
        var link = wire().link(
                        TransportLimits.DEFAULT,
                        connection -> new RecordingHandler(connection, frame -> {
                            frame.close();
                            var answer = connection.newFrame(4);
                            answer.buffer().putInt(42);
                            connection.send(answer);
                            connection.close();
                        }));

        for (var number = 0; number < 2_000; number++) {
            link.client().send(new byte[2_000]);
        }

        assertThat(link.client().next()).containsExactly(0, 0, 0, 42);
        link.client().cause();
        assertThat(link.server().cause()).isEmpty();
    }

    @Test
    @Verifies("CONNECTION-6")
    default void noFrameArrivesAfterTheHandlerHasClosed() throws InterruptedException {
        var link = wire().link(
                        TransportLimits.DEFAULT,
                        connection -> new RecordingHandler(connection, frame -> {
                            frame.close();
                            connection.close();
                        }));

        link.client().onLoop(() -> {
            for (var number = 0; number < 100; number++) {
                link.client().sendNow(new byte[10]);
            }
        });

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.server().waitingCount()).isEqualTo(1);
    }

    @Test
    @Verifies({"CONNECTION-3", "HANDLER-4"})
    default void closingAgainChangesNothing() throws InterruptedException {
        var link = wire().link();

        link.client().connection().close();
        link.client().connection().close();

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.client().cause()).isEmpty();
        link.client().connection().close();
        assertThat(link.client().closedCount()).isEqualTo(1);
    }

    @Test
    @Verifies("CONNECTION-3")
    default void bothSidesMayCloseAtOnce() throws InterruptedException {
        for (var round = 0; round < 50; round++) {
            var link = wire().link();

            link.client().connection().close();
            link.server().connection().close();

            link.client().cause();
            link.server().cause();
        }
    }

    @Test
    @Verifies("TRANSPORT-1")
    default void connectingWhereNobodyListensFailsWithTheEndpoint() {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var endpoint = server.listener().endpoint();
        server.listener().close();

        assertThatThrownBy(() -> wire().connect(endpoint))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(endpoint.toString());
    }

    @Test
    @Verifies("HANDLER-3")
    default void aHandlerThatThrowsClosesOnlyItsConnection() throws InterruptedException {
        var server = wire().serve(
                        TransportLimits.DEFAULT,
                        connection -> new RecordingHandler(connection, frame -> {
                            if (frame.bytes().remaining() == 13) {
                                throw new IllegalStateException("thirteen");
                            }
                            frame.close();
                        }));
        var unlucky = wire().connect(server.listener().endpoint());
        var unluckyServer = server.accepted();
        var lucky = wire().connect(server.listener().endpoint());
        var luckyServer = server.accepted();

        unlucky.send(new byte[13]);

        assertThat(unluckyServer.cause())
                .hasValueSatisfying(cause -> assertThat(cause).hasMessage("thirteen"));
        unlucky.cause();
        lucky.send(new byte[7]);
        assertThat(luckyServer.next()).hasSize(7);
        assertThat(luckyServer.isClosed()).isFalse();
    }

    @Test
    @Verifies("HANDLER-3")
    default void anAcceptorThatThrowsClosesOnlyItsConnection() throws InterruptedException {
        var accepted = new ArrayList<Integer>();
        var server = wire().serve(TransportLimits.DEFAULT, connection -> {
            synchronized (accepted) {
                accepted.add(accepted.size());
                if (accepted.size() == 1) {
                    throw new IllegalStateException("not the first");
                }
            }
            return new RecordingHandler(connection);
        });

        var first = wire().connect(server.listener().endpoint());
        first.cause();
        var second = wire().connect(server.listener().endpoint());

        second.send(new byte[3]);
        assertThat(server.accepted().next()).hasSize(3);
        Wire.until("one is left", () -> server.listener().connectionCount() == 1);
    }

    @Test
    @Verifies("TRANSPORT-1")
    default void connectingFailsWithWhatTheFunctionForTheHandlerThrows() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var endpoint = server.listener().endpoint();

        assertThatThrownBy(() -> wire().connect(endpoint, TransportLimits.DEFAULT, connection -> {
                    throw new IllegalStateException("no handler today");
                }))
                .hasRootCauseMessage("no handler today")
                .hasMessageContaining(endpoint.toString());

        server.accepted().cause();
    }

    @Test
    @Verifies("LIMITS-6")
    default void aConnectionOverWhichNothingGoesIsClosed() throws InterruptedException {
        var link = wire().link(Limits.with().idleTimeout(Duration.ofMillis(200)).get());

        assertThat(link.server().cause())
                .hasValueSatisfying(cause -> assertThat(cause)
                        .isInstanceOf(TransportException.class)
                        .hasMessageContaining(
                                link.server().connection().remote().toString()));
        link.client().cause();
    }

    @Test
    @Verifies("EVENTLOOP-1")
    default void anEventLoopRunsTasksInOrderOnItsThread() throws InterruptedException {
        var link = wire().link();
        var loop = link.client().connection().eventLoop();
        var ran = new ArrayList<Integer>();
        var misplaced = new ArrayList<Integer>();

        for (var number = 0; number < 1_000; number++) {
            var task = number;
            loop.execute(() -> (loop.isCurrent() ? ran : misplaced).add(task));
        }
        link.client().send(new byte[1]);

        link.server().next();
        assertThat(misplaced).isEmpty();
        assertThat(ran).hasSize(1_000).isSorted();
        assertThat(loop.isCurrent()).isFalse();
    }

    @Test
    @Verifies("EVENTLOOP-2")
    default void aTaskThatThrowsDoesNotStopTheEventLoop() throws InterruptedException {
        var link = wire().link();

        link.client().onLoop(() -> {
            throw new IllegalStateException("thrown by a task, as the test wants");
        });
        link.client().send(new byte[5]);

        assertThat(link.server().next()).hasSize(5);
        assertThat(List.of(link.client().isClosed(), link.server().isClosed())).containsOnly(false);
    }
}
