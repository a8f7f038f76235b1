package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Finds and checks batches in one segment whose file is leased. Confined to one call. */
final class SegmentReader {

    /** Holds the headers of a few small batches; larger batches need one read each. */
    private static final int HEADERS_BUFFER_BYTES = 2048;

    /** How many entries of the index may be of no use before a walk begins where the segment does. */
    private static final int ENTRIES_TRIED = 8;

    private final Segment segment;
    private final Disk.File file;
    private final Segment.Tail tail;
    private boolean isMisled;
    private int walkedFrom;

    SegmentReader(Segment segment, Disk.File file) {
        this.segment = segment;
        this.file = file;
        this.tail = segment.tail();
    }

    /** A walk over batches that judges each. */
    private record Walk(BatchScanner batches, BatchOrder order) {

        boolean isSound() throws IOException {
            return order.isSound(batches);
        }

        /** Whether it comes to a batch at a position; it has then judged all before. */
        boolean leadsTo(int position) throws IOException {
            while (batches.next() && batches.position() < position) {
                order.isSound(batches);
            }
            return batches.position() == position;
        }
    }

    /** Bytes of a segment that begin and end with whole batches. */
    record Range(int from, int to) {

        boolean isEmpty() {
            return from == to;
        }

        int sizeInBytes() {
            return to - from;
        }
    }

    /** What lies below an offset: so many bytes, and no record up to an offset that is gone if they are kept. */
    record Kept(int sizeInBytes, long endOffset) {}

    /**
     * Whether the indexes are those of this segment, as far as their last entry shows.
     *
     * @throws StorageException.Corrupt if the first batch belongs to another segment
     */
    boolean indexesFit() throws IOException {
        var first = headersFrom(0);
        first.next();
        checkFault(first);
        checkPlace(first, segment.baseOffset());
        var offsets = segment.offsetIndex();
        if (!areIndexesSound()) {
            return false;
        }
        var last = headersFrom(offsets.lastPosition());
        return offsets.file().count() == 0 || (last.next() && last.lastOffset() <= offsets.lastOffset());
    }

    /**
     * Whether a segment that is damaged may be read all the same: the batch at its beginning, or the one that the last entry of its index
     * points at, is one of it. Entries that do not name the batch that is there mislead nobody.
     */
    boolean isUsable() throws IOException {
        var last = segment.offsetIndex().lastPosition();
        return areIndexesSound() && (holdsOwnAt(0) || holdsOwnAt(last));
    }

    private boolean areIndexesSound() throws IOException {
        return segment.offsetIndex().isSound(tail.sizeInBytes())
                && segment.timeIndex().isSound(tail.endOffset());
    }

    private boolean holdsOwnAt(int position) throws IOException {
        var scanner = headersFrom(position);
        return scanner.next() && isInPlace(scanner, segment.baseOffset());
    }

    /** Checks the place of the batches from the last entry of the index on: another segment's file ends elsewhere. */
    void checkEnd() throws IOException {
        var scanner = headersFrom(segment.offsetIndex().lastPosition());
        var offset = segment.baseOffset();
        while (scanner.next()) {
            checkPlace(scanner, offset);
            offset = scanner.lastOffset() + 1;
        }
        checkFault(scanner);
    }

    /** Whole batches from the one that holds the offset, by the rules of {@link io.thalweg.spi.storage.PartitionLog#read}. */
    Range locate(long from, long upTo, int maxBytes) throws IOException {
        var walk = walkBefore(from);
        var scanner = walk.batches();
        if (!goTo(from, walk) || scanner.lastOffset() >= upTo) {
            return new Range(scanner.position(), scanner.position());
        }
        var limit = (int) Math.min(tail.sizeInBytes(), (long) scanner.position() + Math.max(0, maxBytes));
        return new Range(scanner.position(), endWithin(scanner, limit, upTo));
    }

    /**
     * Walks to the batch that holds an offset, or if none does, to the first one behind it. No CRC covers base offsets: one that is wrong
     * is seen by those around it, and in a log without gaps hides no batch but its own.
     *
     * @return false if the segment ends before
     * @throws StorageException.Corrupt if a damaged batch may hold the offset
     */
    private boolean goTo(long from, Walk walk) throws IOException {
        var scanner = walk.batches();
        var damaged = -1;
        while (scanner.next()) {
            if (!walk.isSound()) {
                damaged = scanner.position();
            } else if (scanner.lastOffset() < from) {
                damaged = -1;
            } else if (damaged < 0 || scanner.baseOffset() <= from) {
                return true;
            } else {
                break;
            }
        }
        checkFault(scanner);
        if (damaged >= 0) {
            throw corrupt(damaged, "a batch with other offsets than those around it may hold offset " + from);
        }
        return false;
    }

    /**
     * The batches that end below an offset.
     *
     * @throws StorageException.Corrupt if a damaged batch may hold the offset
     */
    Kept below(long offset) throws IOException {
        var walk = walkBefore(offset);
        var isMore = goTo(offset, walk);
        var scanner = walk.batches();
        return new Kept(scanner.position(), isMore ? scanner.baseOffset() : offset);
    }

    /** Where the last batch ends that ends at or before the limit and holds no offset at or past {@code upTo}; one batch at least. */
    private int endWithin(BatchScanner first, int limit, long upTo) throws IOException {
        var end = first.nextPosition();
        if (end >= limit) {
            return end;
        }
        if (limit == tail.sizeInBytes() && upTo >= tail.endOffset()) {
            return limit;
        }
        var scanner = first;
        var entry = segment.offsetIndex().entryWithin(limit, upTo);
        var jump = segment.offsetIndex().position(entry);
        if (jump > end) {
            var named = walkFrom(entry);
            if (named != null) {
                end = jump;
                scanner = named.batches();
            }
        }
        while (scanner.next() && scanner.nextPosition() <= limit && scanner.lastOffset() < upTo) {
            end = scanner.nextPosition();
        }
        checkFault(scanner);
        return end;
    }

    /**
     * The first batch at or above an offset with a timestamp at or above the given one; its base offset.
     *
     * @throws StorageException.Corrupt if that may be a batch with a wrong base offset, which is one that no sound one at or below the
     *     offset follows
     */
    OptionalLong find(long timestamp, long startOffset) throws IOException {
        var walk = walkBefore(timestamp, startOffset);
        var scanner = walk.batches();
        StorageException damage = null;
        while (scanner.next()) {
            var isLater = scanner.maxTimestamp() >= timestamp;
            if (!walk.isSound()) {
                damage = damage == null && isLater ? misplaced(scanner) : damage;
            } else if (damage != null && scanner.baseOffset() > startOffset) {
                throw damage;
            } else if (isLater && scanner.lastOffset() >= startOffset) {
                return OptionalLong.of(Math.max(startOffset, scanner.baseOffset()));
            } else {
                damage = null;
            }
        }
        checkFault(scanner);
        if (damage != null) {
            throw damage;
        }
        return OptionalLong.empty();
    }

    /**
     * From the batch that the time index names for a timestamp, if that has the timestamp of its entry, which no CRC covers; else from the
     * start.
     */
    private Walk walkBefore(long timestamp, long startOffset) throws IOException {
        var times = segment.timeIndex();
        var entry = times.entryBefore(timestamp, tail.endOffset());
        if (entry >= 0 && times.offset(entry) > startOffset) {
            var offset = times.offset(entry);
            var scanner = walkBefore(offset).batches();
            var isMore = scanner.next();
            while (isMore && scanner.lastOffset() < offset) {
                isMore = scanner.next();
            }
            if (isMore && scanner.maxTimestamp() == times.timestamp(entry)) {
                return walkBefore(offset);
            }
            isMisled = true;
        }
        return walkBefore(startOffset);
    }

    /**
     * Reads and checks whole batches from a position until past another; gives where it stopped, at a damaged batch at the latest.
     *
     * @throws StorageException.Corrupt if the first one is damaged
     */
    int check(Range range, int past, ByteBuffer buffer) throws IOException {
        var scanner = new BatchScanner(file, range.from(), tail.sizeInBytes(), buffer);
        var isMore = scanner.next() && scanner.crcIsValid();
        checkFault(scanner);
        var batches = orderAt(scanner);
        var end = range.from();
        while (isMore && batches.isSound(scanner)) {
            end = scanner.nextPosition();
            isMore = end < past && scanner.next() && scanner.crcIsValid();
        }
        if (end == range.from()) {
            throw misplaced(scanner);
        }
        return end;
    }

    /** What the batches before one say of it matters only where the one behind it raises a doubt; those near it say enough. */
    private BatchOrder orderAt(BatchScanner first) throws IOException {
        if (orderWithin().isSound(first)) {
            return orderWithin();
        }
        var index = segment.offsetIndex();
        var entry = index.entryWithin(first.position() - 1, Long.MAX_VALUE);
        for (var tried = 0; entry >= 0 && tried < ENTRIES_TRIED; tried++, entry--) {
            var walk = new Walk(headersFrom(index.position(entry)), orderWithin());
            if (walk.batches().next() && walk.isSound() && walk.leadsTo(first.position())) {
                return walk.order();
            }
        }
        var walk = fromBeginning();
        return walk.leadsTo(first.position()) ? walk.order() : orderWithin();
    }

    private BatchOrder orderWithin() {
        return BatchOrder.within(segment.baseOffset(), tail.endOffset());
    }

    private StorageException misplaced(BatchScanner batch) {
        return corrupt(
                batch.position(),
                "a batch has offsets " + batch.baseOffset() + " to " + batch.lastOffset()
                        + ", which do not go with those of the batches around it");
    }

    private boolean isInPlace(BatchScanner batch, long offset) {
        return batch.baseOffset() >= offset && batch.lastOffset() < tail.endOffset();
    }

    private void checkPlace(BatchScanner batch, long offset) {
        if (!isInPlace(batch, offset)) {
            throw corrupt(
                    batch.position(),
                    "a batch has offsets " + batch.baseOffset() + " to " + batch.lastOffset() + ", expected some from "
                            + offset + " to below " + tail.endOffset());
        }
    }

    /** Whether an entry of the index was found to be wrong, so that more was walked over than need be. */
    boolean isMisled() {
        return isMisled;
    }

    /** From a batch at or before the one that holds the offset: that which the index names, or if the index is wrong, the first. */
    private Walk walkBefore(long offset) throws IOException {
        var entry = segment.offsetIndex().entryBefore(offset);
        var named = entry < 0 ? null : walkFrom(entry);
        walkedFrom = named == null ? 0 : segment.offsetIndex().position(entry);
        return named == null ? fromBeginning() : named;
    }

    private Walk fromBeginning() {
        return new Walk(headersFrom(0), BatchOrder.between(segment.baseOffset(), tail.endOffset()));
    }

    /** Where the walk began that {@link #locate} has made. */
    int walkedFrom() {
        return walkedFrom;
    }

    /**
     * From where an entry points; null unless such a walk meets the batch that holds its offset, mostly as its last and in the first batch;
     * Kafka's cleaner notes the last record that it kept of several. No CRC covers an index: one wrong bit, and it names a place within a
     * batch, or a batch behind the one that is looked for.
     */
    private @Nullable Walk walkFrom(int entry) throws IOException {
        var position = segment.offsetIndex().position(entry);
        var lastOffset = segment.offsetIndex().lastOffset(entry);
        if (position < 0 || position >= tail.sizeInBytes()) {
            isMisled = true;
            return null;
        }
        var scanner = headersFrom(position);
        var isMore = scanner.next();
        var order = isMore ? orderAt(scanner, lastOffset) : orderWithin();
        while (isMore && scanner.lastOffset() < lastOffset) {
            isMore = scanner.next();
        }
        if (!isMore || scanner.baseOffset() > lastOffset) {
            isMisled = true;
            return null;
        }
        scanner.backTo(position);
        return new Walk(scanner, order);
    }

    private BatchOrder orderAt(BatchScanner first, long namedLastOffset) throws IOException {
        return first.lastOffset() == namedLastOffset
                ? BatchOrder.from(first.baseOffset(), tail.endOffset())
                : orderAt(first);
    }

    private BatchScanner headersFrom(int position) {
        return new BatchScanner(file, position, tail.sizeInBytes(), ByteBuffer.allocate(HEADERS_BUFFER_BYTES));
    }

    private void checkFault(BatchScanner scanner) {
        var fault = scanner.fault();
        if (fault != null) {
            throw corrupt(scanner.position(), fault);
        }
    }

    private StorageException corrupt(int position, String fault) {
        return new StorageException.Corrupt(segment.file().path() + " at position " + position + ": " + fault, null);
    }
}
