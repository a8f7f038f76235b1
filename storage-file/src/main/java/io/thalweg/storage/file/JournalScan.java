package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The blocks of one journal file: those that follow on each other from its beginning, and what others tell. Confined to one call. */
final class JournalScan {

    private final Disk disk;
    private final Path path;
    private final int sizeInBytes;
    private final ByteBuffer buffer = ByteBuffer.allocate(ScratchBuffers.BUFFER_BYTES);

    /** Where in the file the buffer's first byte is from. */
    private int bufferStart;

    private int end;
    private long firstSequence = -1;
    private long lastSequence = -1;
    private long durableBelow;
    private boolean hasEntries;

    private JournalScan(Disk disk, Path path, int sizeInBytes) {
        this.disk = disk;
        this.path = path;
        this.sizeInBytes = sizeInBytes;
    }

    /** Reads the file through once. */
    static JournalScan of(Disk disk, Path path) throws IOException {
        try (var file = disk.open(path, false)) {
            var scan = new JournalScan(disk, path, (int) Math.min(Integer.MAX_VALUE, file.size()));
            scan.scan(file);
            return scan;
        }
    }

    private void scan(Disk.File file) throws IOException {
        buffer.limit(0);
        for (var block = at(file, 0); block != null && follows(block); block = at(file, end)) {
            if (end == 0) {
                firstSequence = block.sequence();
            }
            lastSequence = block.sequence();
            durableBelow = Math.max(durableBelow, block.durableBelow());
            hasEntries |= block.entries().hasRemaining();
            end += block.pagedSize();
        }
        // Blocks further on are older, or were written together with one that did not make it, or else one is damaged.
        for (var position = end; position < sizeInBytes; position += JournalBlock.PAGE_BYTES) {
            var block = at(file, position);
            if (block != null) {
                durableBelow = Math.max(durableBelow, block.durableBelow());
            }
        }
    }

    private boolean follows(JournalBlock block) {
        return end == 0 || block.sequence() == lastSequence + 1;
    }

    /** The block at a position, or null. */
    private @Nullable JournalBlock at(Disk.File file, int position) throws IOException {
        fill(file, position, JournalBlock.HEADER_BYTES);
        var length = JournalBlock.lengthOf(buffer.position(Math.min(buffer.limit(), position - bufferStart)));
        if (length < 0) {
            return null;
        }
        fill(file, position, length);
        return JournalBlock.at(buffer.position(position - bufferStart));
    }

    private void fill(Disk.File file, int from, int size) throws IOException {
        if (from >= bufferStart && from + size <= bufferStart + buffer.limit()) {
            return;
        }
        buffer.clear().limit(Math.max(0, Math.min(buffer.capacity(), sizeInBytes - from)));
        bufferStart = from;
        file.read(buffer, from);
        buffer.flip();
    }

    /** Takes the blocks in order; what one gives is valid until the next. */
    interface Visitor {
        void visit(JournalBlock block) throws IOException;
    }

    /** Visits the blocks that follow on each other. */
    void each(Visitor visitor) throws IOException {
        try (var file = disk.open(path, false)) {
            buffer.limit(0);
            for (var position = 0; position < end; ) {
                var block = at(file, position);
                if (block == null) {
                    throw new IOException(path + ": has changed at position " + position);
                }
                visitor.visit(block);
                position += block.pagedSize();
            }
        }
    }

    Path path() {
        return path;
    }

    /** -1 if the file does not begin with a block. */
    long firstSequence() {
        return firstSequence;
    }

    long lastSequence() {
        return lastSequence;
    }

    /** Every block with a smaller sequence was durable once, whether it is here or in the other file. */
    long durableBelow() {
        return durableBelow;
    }

    boolean hasEntries() {
        return hasEntries;
    }
}
