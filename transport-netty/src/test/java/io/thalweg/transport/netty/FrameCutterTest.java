package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FrameCutterTest {

    private static final int MAX_FRAME_BYTES = 100 << 20;

    private final CountedMemory memory = new CountedMemory();
    private final ReadGate gate = new ReadGate(TransportLimits.DEFAULT, new ByteAllowance(Long.MAX_VALUE), () -> {});
    private final List<byte[]> frames = new ArrayList<>();
    private final FrameCutter cutter = new FrameCutter(MAX_FRAME_BYTES, memory.allocator(), gate, this::keep);

    private void keep(ByteBuf payload, int countedBytes) {
        var bytes = new byte[payload.readableBytes()];
        payload.readBytes(bytes).release();
        gate.give(bytes.length, countedBytes);
        gate.takeBack(bytes.length, false);
        frames.add(bytes);
    }

    @AfterEach
    void allMemoryIsGivenBack() {
        cutter.close();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void framesAreTheSameHoweverTheirBytesCome() {
        var seed = seed();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++) {
            frames.clear();
            var sent = randomFrames(random);
            var stream = stream(sent);

            while (stream.hasRemaining()) {
                deliver(stream, random);
            }

            assertThat(frames).as("-Dseed=%d round %d", seed, round).containsExactlyElementsOf(sent);
            assertThat(cutter.isMidFrame()).isFalse();
        }
    }

    private static long seed() {
        var given = System.getProperty("seed", "");
        return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    }

    private static List<byte[]> randomFrames(Random random) {
        var sent = new ArrayList<byte[]>();
        for (var count = random.nextInt(20); count >= 0; count--) {
            var frame = new byte[random.nextInt(1 << random.nextInt(17))];
            random.nextBytes(frame);
            sent.add(frame);
        }
        return sent;
    }

    private static ByteBuffer stream(List<byte[]> frames) {
        var stream = ByteBuffer.allocate(
                frames.stream().mapToInt(frame -> Integer.BYTES + frame.length).sum());
        frames.forEach(frame -> stream.putInt(frame.length).put(frame));
        return stream.flip();
    }

    /** Reads a random part of the stream as a channel would. */
    private void deliver(ByteBuffer stream, Random random) {
        var target = cutter.target();
        var buffer = target == null ? memory.allocator().directBuffer(1 << random.nextInt(17)) : target;
        var count = Math.min(stream.remaining(), 1 + random.nextInt(buffer.writableBytes()));
        buffer.writeBytes(stream.slice(stream.position(), count));
        stream.position(stream.position() + count);

        cutter.cut(buffer);

        assertThat(buffer.isReadable()).isFalse();
        buffer.release();
    }

    @Test
    void anAnnouncementCostsNothing() {
        cutter.cut(Unpooled.buffer().writeInt(MAX_FRAME_BYTES));

        assertThat(memory.usedBytes()).isZero();
        assertThat(cutter.isMidFrame()).isTrue();
    }

    @Test
    void aBeginCostsAFewKibibytesWhateverWasAnnounced() {
        cutter.cut(Unpooled.buffer().writeInt(MAX_FRAME_BYTES).writeByte(1));

        assertThat(memory.usedBytes()).isLessThanOrEqualTo(4 << 10);
        assertThat(cutter.progress()).isEqualTo("1 of the " + MAX_FRAME_BYTES + " bytes of a frame");
    }

    @Test
    void memoryGrowsWithTheBytesThatCame() {
        cutter.cut(Unpooled.buffer().writeInt(MAX_FRAME_BYTES));
        for (var count = 0; count < 1_000; count++) {
            cutter.cut(Unpooled.buffer().writeZero(1_000));

            assertThat(memory.usedBytes()).isLessThanOrEqualTo(Math.max(4 << 10, 2 * (count + 1) * 1_000));
        }
    }

    @Test
    void aSmallFrameDoesNotHoldALargeBuffer() {
        var kept = new ArrayList<ByteBuf>();
        var keeping =
                new FrameCutter(MAX_FRAME_BYTES, memory.allocator(), gate, (payload, counted) -> kept.add(payload));
        var read = memory.allocator().directBuffer(64 << 10).writeInt(100).writeZero(100);
        keeping.cut(read);

        read.release();

        assertThat(memory.usedBytes()).isEqualTo(100);
        kept.forEach(ByteBuf::release);
    }

    @Test
    void aFrameThatFillsMostOfWhatWasReadIsNotCopied() {
        var kept = new ArrayList<ByteBuf>();
        var keeping =
                new FrameCutter(MAX_FRAME_BYTES, memory.allocator(), gate, (payload, counted) -> kept.add(payload));
        var read = memory.allocator().directBuffer(32 << 10).writeInt(20_000).writeZero(20_000);
        keeping.cut(read);

        assertThat(memory.usedBytes()).isEqualTo(32 << 10);
        assertThat(kept.get(0).memoryAddress()).isEqualTo(read.memoryAddress() + Integer.BYTES);

        read.release();
        kept.forEach(ByteBuf::release);
    }

    @Test
    void whatBeginsAsAnotherProtocolIsNamed() {
        assertThatThrownBy(() -> cutter.cut(Unpooled.buffer().writeBytes(new byte[] {0x16, 3, 1, 2})))
                .hasMessageContainingAll("369295618", "TLS", "security.protocol");
        assertThatThrownBy(() -> cutter.cut(Unpooled.copiedBuffer("GET / HTTP/1.1", StandardCharsets.US_ASCII)))
                .hasMessageContainingAll("1195725856", "HTTP", "port");
        assertThatThrownBy(() -> cutter.cut(Unpooled.buffer().writeInt(-1)))
                .hasMessageEndingWith("expected 0 to " + MAX_FRAME_BYTES);
    }

    @Test
    void lengthsOutOfRangeAreRefused() {
        for (var length : new int[] {-1, Integer.MIN_VALUE, MAX_FRAME_BYTES + 1, Integer.MAX_VALUE}) {
            var fresh = new FrameCutter(MAX_FRAME_BYTES, memory.allocator(), gate, this::keep);

            assertThatThrownBy(() -> fresh.cut(Unpooled.buffer().writeInt(length)))
                    .isInstanceOf(TransportException.class)
                    .hasMessageContaining(String.valueOf(length))
                    .hasMessageContaining(String.valueOf(MAX_FRAME_BYTES));
        }
        assertThat(frames).isEmpty();
    }
}
