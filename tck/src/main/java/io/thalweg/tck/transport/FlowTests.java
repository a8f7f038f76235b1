package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.util.ArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Neither side can make the other hold more than it wants to. */
interface FlowTests extends TransportTests {

    @Test
    @Verifies({"LIMITS-2", "FRAME-1"})
    default void readingPausesWhileAConnectionsFramesAreNotClosed() throws Exception {
        var limits = Limits.with().maxBytesPerConnection(3_000).get();
        var frames = new LinkedBlockingQueue<Frame>();
        var link = wire().link(limits, Wire.keeping(frames));

        for (var number = 0; number < 20; number++) {
            link.client().send(new byte[1_000]);
        }

        for (var number = 0; number < 20; number++) {
            Wire.until("three frames are held, or the last ones", () -> frames.size() >= 3 || allCame(link));
            assertThat(frames).hasSizeLessThanOrEqualTo(3);
            frames.take().close();
        }
        frames.forEach(Frame::close);
        assertThat(link.server().waitingCount()).isEqualTo(20);
    }

    private static boolean allCame(Wire.Link link) {
        return link.server().waitingCount() == 20;
    }

    @Test
    @Verifies({"LIMITS-3", "FRAME-1"})
    default void readingPausesWhileAllConnectionsTogetherHoldTooMuch() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        var server = wire().serve(Limits.with().maxBytesInAll(4_000).get(), Wire.keeping(frames));
        for (var number = 0; number < 10; number++) {
            var client = wire().connect(server.listener().endpoint());
            client.send(new byte[1_000]);
            client.send(new byte[1_000]);
        }

        for (var closed = 0; closed < 20; closed++) {
            var frame = frames.poll(Wire.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            // Each event loop may find room for a frame at the same moment, and one frame may pass the limit to be
            // completed.
            assertThat(frames).hasSizeLessThanOrEqualTo(4 + 2);
            assertThat(frame).isNotNull();
            frame.close();
        }
        assertThat(frames).isEmpty();
    }

    @Test
    @Verifies("LIMITS-2")
    default void aFrameLargerThanTheAllowanceOfItsConnectionArrives() throws Exception {
        var link = wire().link(Limits.with()
                .maxBytesPerConnection(10_000)
                .maxBytesInAll(20_000)
                .get());

        link.client().send(new byte[1 << 20]);
        link.client().send(new byte[2 << 20]);

        assertThat(link.server().next()).hasSize(1 << 20);
        assertThat(link.server().next()).hasSize(2 << 20);
    }

    @Test
    @Verifies("LIMITS-3")
    default void largeFramesOfManyConnectionsGetThroughASmallAllowance() throws Exception {
        var server = wire().serve(Limits.with().maxBytesInAll(1 << 20).get(), RecordingHandler::new);
        var receivers = new ArrayList<RecordingHandler>();
        for (var number = 0; number < 8; number++) {
            var client = wire().connect(server.listener().endpoint());
            receivers.add(server.accepted());
            client.send(new byte[700_000]);
            client.send(new byte[700_000]);
        }

        for (var receiver : receivers) {
            assertThat(receiver.next()).hasSize(700_000);
            assertThat(receiver.next()).hasSize(700_000);
        }
    }

    @Test
    @Verifies("FRAME-2")
    default void aFrameClosedTwiceIsGivenBackOnce() throws Exception {
        var frames = new LinkedBlockingQueue<Frame>();
        var link = wire().link(Limits.with().maxBytesPerConnection(1_000).get(), Wire.keeping(frames));
        link.client().send(new byte[1_000]);
        var first = frames.take();
        first.close();
        link.client().send(new byte[1_000]);
        var second = frames.take();

        first.close();
        link.client().send(new byte[1_000]);
        link.client().onLoop(link.client().connection()::close);

        link.client().cause();
        assertThat(link.server().isClosed()).isFalse();
        assertThat(frames).isEmpty();
        second.close();
        frames.take().close();
    }

    @Test
    @Verifies("CONNECTION-4")
    default void noFrameArrivesWhileReadingIsStopped() throws Exception {
        var unwanted = new AtomicInteger();
        var link = wire().link(TransportLimits.DEFAULT, connection -> {
            var stopped = new AtomicInteger();
            return new RecordingHandler(connection, frame -> {
                frame.close();
                unwanted.addAndGet(stopped.getAndSet(1));
                connection.reading(false);
                connection
                        .eventLoop()
                        .execute(() -> connection.eventLoop().execute(() -> {
                            stopped.set(0);
                            connection.reading(true);
                        }));
            });
        });

        for (var number = 0; number < 500; number++) {
            link.client().send(new byte[number]);
        }

        for (var number = 0; number < 500; number++) {
            assertThat(link.server().next()).hasSize(number);
        }
        assertThat(unwanted).hasValue(0);
    }

    @Test
    @Verifies("CONNECTION-4")
    default void theCloseOfThePeerIsHeardAfterItsFrames() throws Exception {
        var link = wire().link();
        link.server().onLoop(() -> link.server().connection().reading(false));
        link.client().send(new byte[10]);
        link.client().send(new byte[20]);
        link.client().onLoop(link.client().connection()::close);
        link.client().cause();

        link.server().onLoop(() -> link.server().connection().reading(true));

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.server().next()).hasSize(10);
        assertThat(link.server().next()).hasSize(20);
    }

    @Test
    @Verifies({"CONNECTION-5", "HANDLER-2"})
    default void aPeerThatDoesNotReadMakesTheConnectionNotWritable() throws Exception {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var client = wire().connect(
                        server.listener().endpoint(),
                        Limits.with().writableBytes(1 << 20).get(),
                        RecordingHandler::new);
        var receiver = server.accepted();
        receiver.onLoop(() -> receiver.connection().reading(false));

        var sent = new AtomicInteger();
        // The network itself takes in some on the way, so it takes several turns.
        Wire.until("the client is told", () -> {
            client.connection().eventLoop().execute(() -> sendWhileWritable(client, sent));
            return client.writability().contains(false);
        });
        receiver.onLoop(() -> receiver.connection().reading(true));

        // Turns of sending that were begun before may fill it once more.
        Wire.until(
                "the client is told again",
                () -> client.writability().size() % 2 == 0
                        && client.connection().isWritable());
        assertThat(client.writability()).startsWith(false, true);
        Wire.until("all arrives", () -> receiver.waitingCount() == sent.get());
    }

    @Test
    @Verifies("CONNECTION-7")
    default void whoFoundAConnectionNotWritableIsToldWhenItIsAgain() throws Exception {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var client = wire().connect(
                        server.listener().endpoint(),
                        Limits.with().writableBytes(50_000).get(),
                        RecordingHandler::new);
        for (var round = 1; round <= 50; round++) {
            client.onLoop(() -> sendWhileWritable(client, new AtomicInteger()));
            var tellings = 2 * round;

            Wire.until("the client is told twice", () -> client.writability().size() == tellings);
            assertThat(client.writability()).endsWith(false, true);
        }
    }

    private static void sendWhileWritable(RecordingHandler client, AtomicInteger sent) {
        while (client.connection().isWritable()) {
            client.sendNow(new byte[100_000]);
            sent.incrementAndGet();
        }
    }
}
