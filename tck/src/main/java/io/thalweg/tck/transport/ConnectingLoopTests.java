package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.ConnectingLoop;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Event loops that somebody has for themselves. */
interface ConnectingLoopTests extends TransportTests {

    @Test
    @Verifies({"CONNECTING-1", "EVENTLOOP-1"})
    default void handlersRunOnTheLoopThatTheirConnectionWasMadeFrom() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var places = new CopyOnWriteArrayList<Boolean>();

        var client = wire().connect(loop, server.listener().endpoint(), connection -> {
            places.add(loop.isCurrent());
            return new RecordingHandler(connection, frame -> {
                places.add(loop.isCurrent());
                frame.close();
            });
        });
        server.accepted().send(new byte[5]);
        client.next();
        client.onLoop(() -> places.add(loop.isCurrent()));
        loop.execute(() -> client.sendNow(new byte[7]));

        assertThat(places).containsExactly(true, true, true);
        assertThat(loop.isCurrent()).isFalse();
        loop.close();
        client.cause();
    }

    @Test
    @Verifies("CONNECTING-2")
    default void timersRunOnTheLoopInTheOrderTheyAreDue() throws InterruptedException {
        var loop = wire().transport().openLoop("tck-own");
        var ran = new CopyOnWriteArrayList<String>();
        var ended = new CountDownLatch(1);

        onLoop(loop, () -> {
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> {
                ran.add("last " + loop.isCurrent());
                ended.countDown();
            });
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.add("cancelled"))
                    .cancel();
            loop.schedule(TimeUnit.MILLISECONDS.toNanos(10), () -> ran.add("second " + loop.isCurrent()));
            loop.schedule(-1, () -> {
                ran.add("first " + loop.isCurrent());
                throw new IllegalStateException("a timer's task that throws");
            });
        });

        assertThat(ended.await(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ran).containsExactly("first true", "second true", "last true");
        loop.close();
    }

    @Test
    @Verifies("CONNECTING-2")
    default void aTimerSetFromElsewhereWakesALoopThatSleeps() throws Exception {
        var loop = wire().transport().openLoop("tck-own");
        var far = loop.schedule(TimeUnit.HOURS.toNanos(1), () -> {});
        onLoop(loop, () -> {});
        var ran = new CompletableFuture<Boolean>();

        loop.schedule(TimeUnit.MILLISECONDS.toNanos(1), () -> ran.complete(loop.isCurrent()));

        assertThat(ran.get(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        far.cancel();
        loop.close();
    }

    @Test
    @Verifies("CONNECTING-3")
    default void aTaskThatTakesLongHoldsUpItsOwnLoopOnly() throws InterruptedException {
        var link = wire().link();
        var loop = wire().transport().openLoop("tck-own");
        var other = wire().transport().openLoop("tck-other");
        var isOver = new CountDownLatch(1);
        loop.execute(() -> awaitOn(isOver));

        onLoop(other, () -> {});
        link.client().send(new byte[3]);

        assertThat(link.server().next()).hasSize(3);
        isOver.countDown();
        loop.close();
        other.close();
    }

    private static void awaitOn(CountDownLatch latch) {
        try {
            latch.await(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Verifies("CONNECTING-4")
    default void closingClosesItsConnectionsAfterWhatItWasHanded() throws InterruptedException {
        var link = wire().link();
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var client = wire().connect(loop, server.listener().endpoint(), RecordingHandler::new);
        var accepted = server.accepted();
        var hasRun = new AtomicBoolean();
        loop.execute(() -> client.sendNow(new byte[9]));
        loop.execute(() -> hasRun.set(true));

        loop.close();
        loop.close();

        assertThat(hasRun).isTrue();
        assertThat(client.isClosed()).isTrue();
        assertThat(client.cause()).isEmpty();
        assertThat(accepted.next()).hasSize(9);
        assertThat(accepted.cause()).isEmpty();
        link.client().send(new byte[4]);
        assertThat(link.server().next()).hasSize(4);
    }

    @Test
    @Verifies("CONNECTING-4")
    default void itMayBeClosedOnItself() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var client = wire().connect(loop, server.listener().endpoint(), RecordingHandler::new);

        onLoop(loop, loop::close);

        client.cause();
        server.accepted().cause();
    }

    @Test
    @Verifies({"CONNECTING-5", "EVENTLOOP-3"})
    default void aClosedLoopRunsNothingMore() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var ran = new CopyOnWriteArrayList<String>();
        loop.schedule(TimeUnit.HOURS.toNanos(1), () -> ran.add("due much later"));
        loop.close();

        assertThatThrownBy(() -> loop.execute(() -> ran.add("task"))).isInstanceOf(RejectedExecutionException.class);
        loop.schedule(0, () -> ran.add("asked for later")).cancel();
        loop.schedule(0, () -> ran.add("asked for later"));
        assertThatThrownBy(() -> wire().connect(loop, server.listener().endpoint(), RecordingHandler::new))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(server.listener().endpoint().toString());
        assertThat(ran).isEmpty();
    }

    @Test
    @Verifies({"CONNECTING-6", "TRANSPORT-2"})
    default void closingTheTransportClosesItsLoops() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var client = wire().connect(loop, server.listener().endpoint(), RecordingHandler::new);

        wire().transport().close();

        assertThat(client.isClosed()).isTrue();
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThatThrownBy(() -> wire().transport().openLoop("tck-late")).isInstanceOf(TransportException.class);
        loop.close();
    }

    @Test
    @Verifies({"CONNECTING-6", "TRANSPORT-2"})
    default void theTransportMayBeClosedOnALoopOfSomebodysOwn() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loops = List.of(
                wire().transport().openLoop("tck-own"), wire().transport().openLoop("tck-other"));
        var clients = loops.stream()
                .map(loop -> wire().connect(loop, server.listener().endpoint(), RecordingHandler::new))
                .toList();

        var accepted = List.of(server.accepted(), server.accepted());

        onLoop(loops.get(0), () -> wire().transport().close());

        clients.forEach(RecordingHandler::cause);
        accepted.forEach(RecordingHandler::cause);
        assertThat(clients).allMatch(RecordingHandler::isClosed);
    }

    @Test
    @Verifies("CONNECTING-7")
    default void itsOpenerHearsThatItWasClosedWithTheTransport() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var loop = wire().transport().openLoop("tck-own");
        var client = wire().connect(loop, server.listener().endpoint(), RecordingHandler::new);
        var ran = new CopyOnWriteArrayList<String>();
        loop.atEnd(() -> {
            ran.add("first end on its loop " + loop.isCurrent() + ", connections closed " + client.isClosed());
            throw new IllegalStateException("a task of the end that throws");
        });
        loop.atEnd(() -> ran.add("second end"));
        loop.execute(() -> ran.add("task"));

        wire().transport().close();

        assertThat(ran).containsExactly("task", "first end on its loop true, connections closed true", "second end");
        assertThatThrownBy(() -> loop.atEnd(() -> ran.add("too late"))).isInstanceOf(RejectedExecutionException.class);
        assertThat(ran).hasSize(3);
    }

    @Test
    @Verifies("CONNECTING-7")
    default void itsOpenerHearsOnceThatItWasClosed() throws InterruptedException {
        var loop = wire().transport().openLoop("tck-own");
        var ran = new CopyOnWriteArrayList<String>();
        loop.atEnd(() -> {
            ran.add("end");
            loop.schedule(0, () -> ran.add("timer")).cancel();
            loop.schedule(0, () -> ran.add("timer"));
        });

        onLoop(loop, loop::close);
        loop.close();
        wire().transport().close();

        assertThat(ran).containsExactly("end");
    }

    @Test
    @Verifies("CONNECTING-7")
    default void whatItsOpenerLeavesWhileItIsClosedRunsOrIsRefused() throws InterruptedException {
        var loop = wire().transport().openLoop("tck-own");
        var leaving = new CountDownLatch(1);
        var taken = new AtomicInteger();
        var ran = new AtomicInteger();
        var opener = new Thread(() -> {
            try {
                while (taken.get() < 10_000) {
                    loop.atEnd(ran::incrementAndGet);
                    taken.incrementAndGet();
                    leaving.countDown();
                }
            } catch (RejectedExecutionException e) {
                leaving.countDown();
            }
        });
        opener.start();
        assertThat(leaving.await(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();

        loop.close();

        opener.join(Wire.LIMIT.toMillis());
        assertThat(opener.isAlive()).isFalse();
        assertThat(ran).hasValue(taken.get());
    }

    @Test
    @Verifies("TRANSPORT-1")
    default void connectingFromItWhereNobodyListensFailsWithTheEndpoint() {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        Endpoint endpoint = server.listener().endpoint();
        server.listener().close();
        var loop = wire().transport().openLoop("tck-own");

        assertThatThrownBy(() -> wire().connect(loop, endpoint, RecordingHandler::new))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(endpoint.toString());
        loop.close();
    }

    /** Runs the task on the loop and waits for its end. */
    private static void onLoop(ConnectingLoop loop, Runnable task) throws InterruptedException {
        var ended = new CountDownLatch(1);
        loop.execute(() -> {
            try {
                task.run();
            } finally {
                ended.countDown();
            }
        });
        assertThat(ended.await(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
}
