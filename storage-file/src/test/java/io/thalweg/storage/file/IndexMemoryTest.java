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
        return index(name, ENTRIES);
    }

    private IndexFile index(String name, int entries) throws IOException {
        var path = directory.resolve(name);
        SmallFiles.write(disk, path, ByteBuffer.allocate(entries * ENTRY_BYTES));
        return IndexFile.onDisk(shared(path), ENTRY_BYTES, entries);
    }

    private SharedFile shared(Path path) {
        return new SharedFile(disk, path, new OpenFiles(100));
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

    /** Each takes more than its few entries do. */
    @Test
    void evenTheSmallestAreNotHeldInAnyNumber() throws IOException {
        var first = index("0.index", 1);
        memory.hold(first);
        var shared = shared(directory.resolve("0.index"));

        for (var i = 0; i < 100_000; i++) {
            memory.hold(IndexFile.onDisk(shared, ENTRY_BYTES, 1));
        }

        assertThat(first.isInMemory()).isFalse();
    }
}
