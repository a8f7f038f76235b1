package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code .txnindex} files of a partition, as Kafka has them: one for each segment that holds the markers of aborted transactions. What
 * is in them is the core's, but for the size of an entry, and that an entry has the offset of its marker at {@value #MARKER_AT}. Confined
 * to one call.
 */
final class TransactionIndexes {

    /** The name of the checkpoint that is stored in them. */
    static final String NAME = "txnindex";

    private static final Logger log = LoggerFactory.getLogger(TransactionIndexes.class);

    private static final int ENTRY_BYTES = 34;
    private static final int MARKER_AT = 18;

    private final PartitionDirectory home;
    private final Disk disk;
    private final TreeSet<Long> segments = new TreeSet<>();
    private final TreeSet<Long> indexes = new TreeSet<>();

    private TransactionIndexes(PartitionDirectory home) {
        this.home = home;
        this.disk = home.disk();
    }

    static TransactionIndexes in(PartitionDirectory home) throws IOException {
        var found = new TransactionIndexes(home);
        for (var path : home.list()) {
            LogFiles.offsetIn(path, LogFiles.LOG).ifPresent(found.segments::add);
            LogFiles.offsetIn(path, LogFiles.TRANSACTION_INDEX).ifPresent(found.indexes::add);
        }
        return found;
    }

    /** Puts the entries, in the order of their markers, into the files of the segments that hold these; durable when this returns. */
    void write(ByteBuffer entries) throws IOException {
        var at = 0;
        for (var base : segments) {
            var next = segments.higher(base);
            while (at < entries.remaining() && marker(entries, at) < base) {
                at += ENTRY_BYTES;
            }
            var from = at;
            while (at < entries.remaining() && (next == null || marker(entries, at) < next)) {
                at += ENTRY_BYTES;
            }
            replace(base, entries.slice(entries.position() + from, at - from));
        }
        for (var base : indexes) {
            if (!segments.contains(base)) {
                disk.delete(path(base));
            }
        }
        settle();
    }

    private static long marker(ByteBuffer entries, int at) {
        return entries.getLong(entries.position() + at + MARKER_AT);
    }

    private void replace(long base, ByteBuffer entries) throws IOException {
        if (entries.hasRemaining() && !(indexes.contains(base) && entries.equals(read(base)))) {
            SmallFiles.swap(disk, path(base), entries);
        } else if (!entries.hasRemaining() && indexes.contains(base)) {
            disk.delete(path(base));
        }
    }

    private void settle() throws IOException {
        home.namesChanged();
        home.syncNames();
        home.checkpointsUnknown();
    }

    private Path path(long base) {
        return LogFiles.transactionIndex(home.path(), base);
    }

    private ByteBuffer read(long base) throws IOException {
        try {
            return SmallFiles.read(disk, path(base));
        } catch (NoSuchFileException e) {
            log.debug("{} has gone with its segment", path(base), e);
            return ByteBuffer.allocate(0);
        }
    }

    /** All entries, one file after the other. */
    ByteBuffer read() throws IOException {
        return read(List.copyOf(indexes));
    }

    private ByteBuffer read(List<Long> bases) throws IOException {
        var parts = new ArrayList<ByteBuffer>();
        var size = 0;
        for (var base : bases) {
            var part = read(base);
            parts.add(part);
            size += part.remaining();
        }
        var all = ByteBuffer.allocate(size);
        parts.forEach(all::put);
        return all.flip();
    }

    /** Takes out what has its marker at or above an offset. A file that ends within an entry is left to who reads it. */
    void cutFrom(long offset) throws IOException {
        var isCut = false;
        for (var base : indexes) {
            var entries = read(base);
            var kept = entries.remaining() % ENTRY_BYTES == 0 ? below(entries, offset) : entries.remaining();
            if (kept < entries.remaining()) {
                replace(base, entries.slice(entries.position(), kept));
                isCut = true;
            }
        }
        if (isCut) {
            settle();
        }
    }

    private static int below(ByteBuffer entries, long offset) {
        var kept = 0;
        while (kept < entries.remaining() && marker(entries, kept) < offset) {
            kept += ENTRY_BYTES;
        }
        return kept;
    }

    /** Has the first of some segments have what all have, before one takes their place; durable when this returns. */
    void gather(LogFiles.Range range) throws IOException {
        var inRange = List.copyOf(indexes.subSet(range.firstOffset(), range.endOffset()));
        if (!inRange.isEmpty() && inRange.get(inRange.size() - 1) != range.firstOffset()) {
            replace(range.firstOffset(), read(inRange));
            settle();
        }
    }
}
