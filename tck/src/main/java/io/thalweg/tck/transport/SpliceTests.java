package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.tck.Verifies;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Slices of logs travel within frames, and are closed whatever happens. */
interface SpliceTests extends TransportTests {

    @Test
    @Verifies("OUTBOUND-2")
    default void aSliceOfAFileArrivesUnchanged(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 3 << 20)) {
            var link = wire().link();

            link.client().onLoop(() -> {
                var frame = link.client().connection().newFrame(8);
                frame.buffer().putInt(11);
                frame.splice(slices.file(4_099, 2_500_000));
                frame.buffer().putInt(12);
                link.client().connection().send(frame);
            });

            var expected = ByteBuffer.allocate(2_500_008)
                    .putInt(11)
                    .put(slices.bytes(4_099, 2_500_000))
                    .putInt(12);
            assertThat(link.server().next()).isEqualTo(expected.array());
            slices.awaitAllClosedOnce();
        }
    }

    @Test
    @Verifies("OUTBOUND-2")
    default void slicesOfBuffersArriveUnchanged(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 1 << 20)) {
            var link = wire().link();

            link.client().onLoop(() -> {
                var frame = link.client().connection().newFrame(1);
                frame.splice(slices.heap(0, 100_000));
                frame.buffer().put((byte) 7);
                frame.splice(slices.direct(100_000, 300_000));
                link.client().connection().send(frame);
            });

            var expected = ByteBuffer.allocate(400_001)
                    .put(slices.bytes(0, 100_000))
                    .put((byte) 7)
                    .put(slices.bytes(100_000, 300_000));
            assertThat(link.server().next()).isEqualTo(expected.array());
            slices.awaitAllClosedOnce();
        }
    }

    @Test
    @Verifies({"OUTBOUND-1", "OUTBOUND-2"})
    default void framesOfAnyMixtureArriveUnchanged(@TempDir Path directory) throws Exception {
        var seed = Wire.seed();
        var random = new Random(seed);
        try (var slices = Slices.in(directory, 1 << 20)) {
            var link = wire().link();
            var expected = new ArrayList<byte[]>();
            for (var number = 0; number < 200; number++) {
                var parts = slices.randomParts(random);
                expected.add(parts.expected());
                var connection = link.client().connection();
                connection.eventLoop().execute(() -> parts.sendOn(connection));
            }

            for (var payload : expected) {
                assertThat(link.server().next()).as("-Dseed=%d", seed).isEqualTo(payload);
            }

            slices.awaitAllClosedOnce();
        }
    }

    @Test
    @Verifies("OUTBOUND-2")
    default void anEmptySliceAddsNothing() throws InterruptedException {
        var link = wire().link();

        link.client().onLoop(() -> {
            var frame = link.client().connection().newFrame(2);
            frame.buffer().put((byte) 1);
            frame.splice(LogSlice.empty());
            frame.buffer().put((byte) 2);
            link.client().connection().send(frame);
        });

        assertThat(link.server().next()).containsExactly(1, 2);
    }

    @Test
    @Verifies("OUTBOUND-1")
    default void droppingAFrameClosesItsSlicesOnce(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 1_000)) {
            var link = wire().link();

            link.client().onLoop(() -> {
                var frame = link.client().connection().newFrame(0);
                frame.splice(slices.file(0, 1_000));
                frame.splice(slices.heap(0, 10));
                frame.close();
                frame.close();
            });

            slices.awaitAllClosedOnce();
        }
    }

    @Test
    @Verifies({"CONNECTION-2", "OUTBOUND-1"})
    default void sendingAfterCloseDropsTheFrameAndClosesItsSlices(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 100_000)) {
            var link = wire().link();
            link.client().connection().close();
            link.client().cause();

            link.client().onLoop(() -> {
                var frame = link.client().connection().newFrame(10);
                frame.splice(slices.file(0, 100_000));
                link.client().connection().send(frame);
            });

            slices.awaitAllClosedOnce();
            assertThat(link.server().cause()).isEmpty();
            assertThat(link.server().waitingCount()).isZero();
        }
    }

    @Test
    @Verifies({"OUTBOUND-1", "LIMITS-1"})
    default void aConnectionThatDiesWhileSendingClosesEverySlice(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 8 << 20)) {
            var link = wire().link(Limits.with().maxFrameBytes(1 << 20).get());

            link.client().onLoop(() -> {
                for (var number = 0; number < 20; number++) {
                    var frame = link.client().connection().newFrame(10);
                    frame.splice(slices.file(0, 8 << 20));
                    frame.splice(slices.direct(0, 1 << 20));
                    link.client().connection().send(frame);
                }
            });

            assertThat(link.server().cause()).isPresent();
            link.client().cause();
            slices.awaitAllClosedOnce();
        }
    }

    @Test
    @Verifies("OUTBOUND-1")
    default void aSmallSliceThatCannotBeReadClosesTheConnection(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 2_000)) {
            slices.closeFile();

            sendToNoAvail(slices, 1_000);
        }
    }

    @Test
    @Verifies("OUTBOUND-1")
    default void aLargeSliceThatCannotBeReadClosesTheConnection(@TempDir Path directory) throws Exception {
        try (var slices = Slices.in(directory, 2 << 20)) {
            slices.closeFile();

            sendToNoAvail(slices, 2 << 20);
        }
    }

    private void sendToNoAvail(Slices slices, int size) throws InterruptedException {
        var link = wire().link();
        link.client().onLoop(() -> {
            var frame = link.client().connection().newFrame(0);
            frame.splice(slices.heap(0, 100));
            frame.splice(slices.file(0, size));
            frame.splice(slices.direct(0, 1_000));
            link.client().connection().send(frame);
        });

        assertThat(link.client().cause())
                .hasValueSatisfying(cause -> assertThat(cause)
                        .isInstanceOf(TransportException.class)
                        .hasCauseInstanceOf(IOException.class)
                        .hasMessageContaining(
                                link.client().connection().remote().toString()));
        link.server().cause();
        assertThat(link.server().waitingCount()).isZero();
        slices.awaitAllClosedOnce();
    }
}
