package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.embedded.EmbeddedChannel;
import io.thalweg.spi.storage.LogSlice;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NettyOutboundFrameTest {

    private static final int LARGE_BYTES = NettyOutboundFrame.COPY_BYTES + 1;

    private final CountedMemory memory = new CountedMemory();
    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final NettyOutboundFrame frame = new NettyOutboundFrame(memory.allocator(), 16);
    private final AtomicInteger closed = new AtomicInteger();

    @AfterEach
    void allMemoryIsGivenBack() {
        channel.finishAndReleaseAll();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void aFrameWithoutSlicesIsOneBuffer() throws IOException {
        frame.buffer().putInt(5).putInt(6);

        frame.writeTo(channel);

        channel.flush();
        assertThat(nextHex()).isEqualTo("00000008" + "00000005" + "00000006");
        assertThat(channel.<Object>readOutbound()).isNull();
    }

    @Test
    void aSmallSliceIsCopied() throws IOException {
        frame.buffer().put((byte) 1);
        frame.splice(LogSlice.of(List.of(ByteBuffer.wrap(new byte[] {2, 3})), closed::incrementAndGet));
        frame.buffer().put((byte) 4);

        frame.writeTo(channel);

        assertThat(closed).hasValue(1);
        channel.flush();
        assertThat(nextHex() + nextHex() + nextHex()).isEqualTo("00000004" + "01" + "0203" + "04");
    }

    @Test
    void aLargeSliceOfAFileIsARegion(@TempDir Path directory) throws IOException {
        var file = Files.write(directory.resolve("file"), new byte[LARGE_BYTES + 10]);
        try (var source = FileChannel.open(file)) {
            frame.splice(LogSlice.of(source, 10, LARGE_BYTES, closed::incrementAndGet));

            frame.writeTo(channel);

            channel.flush();
            assertThat(nextHex()).isEqualTo("00004001");
            SliceRegion region = channel.readOutbound();
            assertThat(region.position()).isEqualTo(10);
            assertThat(region.count()).isEqualTo(LARGE_BYTES);
            assertThat(closed).hasValue(0);
            region.release();
            assertThat(closed).hasValue(1);
            assertThat(source.isOpen()).isTrue();
        }
    }

    @Test
    void aLargeSliceOfAChannelThatIsNotTheJdksIsCopied(@TempDir Path directory) throws IOException {
        var file = Files.write(directory.resolve("file"), new byte[LARGE_BYTES]);
        try (var source = new DelegatingFileChannel(FileChannel.open(file))) {
            frame.splice(LogSlice.of(source, 0, LARGE_BYTES, closed::incrementAndGet));

            frame.writeTo(channel);

            assertThat(closed).hasValue(1);
            channel.flush();
            assertThat(nextHex()).isEqualTo("00004001");
            ByteBuf copy = channel.readOutbound();
            assertThat(copy.readableBytes()).isEqualTo(LARGE_BYTES);
            copy.release();
        }
    }

    @Test
    void aLargeSliceOfBuffersIsNotCopied() throws IOException {
        var bytes = ByteBuffer.allocateDirect(LARGE_BYTES);
        frame.splice(LogSlice.of(List.of(bytes), closed::incrementAndGet));

        frame.writeTo(channel);

        assertThat(closed).hasValue(0);
        channel.flush();
        assertThat(nextHex()).isEqualTo("00004001");
        ByteBuf wrapped = channel.readOutbound();
        assertThat(wrapped.capacity()).isEqualTo(LARGE_BYTES);
        wrapped.release();
        assertThat(closed).hasValue(1);
    }

    private String nextHex() {
        ByteBuf buffer = channel.readOutbound();
        try {
            return ByteBufUtil.hexDump(buffer);
        } finally {
            buffer.release();
        }
    }
}
