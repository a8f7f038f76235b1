package io.thalweg.spi.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogSliceTest {

    private final AtomicInteger released = new AtomicInteger();

    @Test
    void allBytesAreGivenAndTheSliceIsClosed() throws IOException {
        var buffers = List.of(ByteBuffer.wrap(new byte[] {1, 2}), ByteBuffer.wrap(new byte[] {3}));
        var slice = LogSlice.of(buffers, released::incrementAndGet);

        var bytes = slice.toBuffer();

        assertThat(bytes).isEqualTo(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        assertThat(released).hasValue(1);
    }

    @Test
    void sliceThatCannotBeReadIsClosedToo(@TempDir Path directory) throws IOException {
        var channel = FileChannel.open(directory.resolve("gone"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var slice = LogSlice.of(channel, 0, 1, released::incrementAndGet);
        channel.close();

        assertThatIOException().isThrownBy(slice::toBuffer);
        assertThat(released).hasValue(1);
    }
}
