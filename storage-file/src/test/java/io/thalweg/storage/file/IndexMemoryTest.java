package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which indexes of closed segments stay in memory. */
final class IndexMemoryTest {

    private static final int ENTRY_BYTES = 8;
    private static final int ENTRIES = 12 << 17;

    @TempDir
    private Path directory;

    private final LocalDisk disk = new LocalDisk();
    private final IndexMemory memory = new IndexMemory();

    /** An index of 12 MiB. */
    private IndexFile index(String name) throws IOException {
        var path = directory.resolve(name);
        SmallFiles.write(disk, path, ByteBuffer.allocate(ENTRIES * ENTRY_BYTES));
        return IndexFile.onDisk(new SharedFile(disk, path, new OpenFiles(100)), ENTRY_BYTES, ENTRIES);
    }

    @Test
    void indexesNotUsedForLongestGoFirst() throws IOException {
        var first = index("1.index");
        var second = index("2.index");
        var third = index("3.index");
        memory.hold(first);
        memory.hold(second);
        memory.hold(first);

        memory.hold(third);

        assertThat(first.isInMemory()).isTrue();
        assertThat(second.isInMemory()).isFalse();
        assertThat(third.isInMemory()).isTrue();
        assertThat(second.intAt(5, 4)).isZero();
    }
}
