package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of an index, all of one size: in memory while its segment is active, else read from the file where they are needed.
 *
 * <p>Appended to, written and sealed by the owner of the log; searched by any thread.
 */
final class IndexFile {

    private static final int FIRST_CAPACITY = 128;

    private final SharedFile file;
    private final int entryBytes;

    private volatile @Nullable ByteBuffer memory;

    /** Entries that may be read; written after the entry itself. */
    private volatile int count;

    /** Entries that are in the file. */
    private int writtenCount;

    private IndexFile(SharedFile file, int entryBytes, @Nullable ByteBuffer memory, int count) {
        this.file = file;
        this.entryBytes = entryBytes;
        this.memory = memory;
        this.count = count;
    }

    /** An index without entries; an old file of that name is overwritten. */
    static IndexFile empty(SharedFile file, int entryBytes) {
        return new IndexFile(file, entryBytes, ByteBuffer.allocate(FIRST_CAPACITY * entryBytes), 0);
    }

    /** The index as it is on disk; its size must be a multiple of the entry's. */
    static IndexFile onDisk(SharedFile file, int entryBytes, int count) {
        var index = new IndexFile(file, entryBytes, null, count);
        index.writtenCount = count;
        return index;
    }

    SharedFile file() {
        return file;
    }

    int count() {
        return count;
    }

    /** The place of the next entry, which becomes visible with {@link #added}. */
    ByteBuffer next() {
        var entries = memory;
        if (entries == null) {
            throw new IllegalStateException("index " + file.path() + " is sealed");
        }
        var at = count * entryBytes;
        if (at == entries.capacity()) {
            entries = ByteBuffer.allocate(2 * entries.capacity())
                    .put(entries.duplicate().position(0).limit(at));
            memory = entries;
        }
        return entries.limit(entries.capacity()).position(at);
    }

    /** Makes the entry that was put into {@link #next} visible. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void added() {
        count++;
    }

    int intAt(int index, int at) throws IOException {
        var entries = memory;
        return entries != null
                ? entries.getInt(index * entryBytes + at)
                : fromFile(index, at, Integer.BYTES).getInt();
    }

    long longAt(int index, int at) throws IOException {
        var entries = memory;
        return entries != null
                ? entries.getLong(index * entryBytes + at)
                : fromFile(index, at, Long.BYTES).getLong();
    }

    private ByteBuffer fromFile(int index, int at, int size) throws IOException {
        var target = ByteBuffer.allocate(size);
        read(target, (long) index * entryBytes + at);
        return target.flip();
    }

    private void read(ByteBuffer target, long position) throws IOException {
        var opened = file.lease();
        if (opened == null) {
            throw new EOFException("index " + file.path() + " is closed");
        }
        try {
            opened.read(target, position);
        } finally {
            file.release();
        }
        if (target.hasRemaining()) {
            throw new EOFException("index " + file.path() + " ends before entry " + position / entryBytes);
        }
    }

    /** The last entry whose place satisfies a test that holds up to some place and not after it; -1 if none does. */
    int lastWhere(Test test) throws IOException {
        var low = -1;
        var high = count - 1;
        while (low < high) {
            var middle = (low + high + 1) >>> 1;
            if (test.holdsAt(middle)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** All entries, as they lie in the file. */
    ByteBuffer entries() throws IOException {
        var size = count * entryBytes;
        var entries = memory;
        if (entries != null) {
            return entries.duplicate().position(0).limit(size);
        }
        var target = ByteBuffer.allocate(size);
        read(target, 0);
        return target.flip();
    }

    /** Takes the entries into memory, to append more, and lets go of the file, in whose place another may come. */
    void load() throws IOException {
        if (memory == null) {
            var entries = entries();
            memory = ByteBuffer.allocate(Math.max(FIRST_CAPACITY * entryBytes, 2 * entries.remaining()))
                    .put(entries);
            file.rest();
        }
    }

    /** Takes the entries of a closed segment into memory, to search them there until they are sealed. */
    void hold() throws IOException {
        if (memory == null) {
            memory = entries();
        }
    }

    /** Forgets all entries but the first ones; those that are in memory. */
    void keepFirst(int entries) {
        count = entries;
        writtenCount = Math.min(writtenCount, entries);
    }

    boolean isInMemory() {
        return memory != null;
    }

    int sizeInBytes() {
        return count * entryBytes;
    }

    /** Writes what is not in the file yet; the file then holds exactly these entries. */
    void write(Disk disk) throws IOException {
        if (memory == null) {
            return;
        }
        try (var opened = disk.open(file.path(), true)) {
            var written = (long) writtenCount * entryBytes;
            if (opened.size() != written) {
                opened.truncate(written);
            }
            var fresh = entries().position((int) written);
            if (fresh.hasRemaining()) {
                opened.write(new ByteBuffer[] {fresh}, written);
            }
            writtenCount = count;
        }
    }

    /** Puts all entries in the place of what the file holds, so that a crash leaves one or the other and never a part. */
    void replace(Disk disk) throws IOException {
        prepare(disk);
        putInPlace(disk);
    }

    /** Writes all entries, durably, beside the file. */
    void prepare(Disk disk) throws IOException {
        SmallFiles.prepare(disk, file.path(), entries());
    }

    /** Puts what was prepared in the place of what the file holds. */
    void putInPlace(Disk disk) throws IOException {
        SmallFiles.putInPlace(disk, file.path());
        writtenCount = count;
    }

    int unwrittenCount() {
        return count - writtenCount;
    }

    /** Forgets the entries in memory, all of which have been written. */
    void seal() {
        memory = null;
    }

    /** A test of an entry by its place. */
    interface Test {
        boolean holdsAt(int index) throws IOException;
    }
}
