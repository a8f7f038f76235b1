package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Finds and checks batches in one segment whose file is leased. Confined to one call. */
final class SegmentReader {

    /** Holds the headers of a few small batches; larger batches need one read each. */
    private static final int HEADERS_BUFFER_BYTES = 2048;

    private final Segment segment;
    private final Disk.File file;
    private final Segment.Tail tail;
    private boolean isMisled;
    private int walkedFrom;

    /** Judges the batches of the walk that is on. */
    private BatchOrder order;

    SegmentReader(Segment segment, Disk.File file) {
        this.segment = segment;
        this.file = file;
        this.tail = segment.tail();
        this.order = orderFromBeginning();
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
        var scanner = headersBefore(from);
        if (!walkTo(from, scanner) || scanner.lastOffset() >= upTo) {
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
    private boolean walkTo(long from, BatchScanner scanner) throws IOException {
        var damaged = -1;
        while (scanner.next()) {
            if (!order.isSound(scanner)) {
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
        var scanner = headersBefore(offset);
        var isMore = walkTo(offset, scanner);
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
            var named = headersFrom(jump);
            if (isNamed(named, entry)) {
                end = jump;
                scanner = named;
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
     * @throws StorageException.Corrupt if that may be a batch with a wrong base offset, which is one that no sound one at or below the offset
     *     follows
     */
    OptionalLong find(long timestamp, long startOffset) throws IOException {
        var scanner = headersBefore(timestamp, startOffset);
        StorageException damage = null;
        while (scanner.next()) {
            var isLater = scanner.maxTimestamp() >= timestamp;
            if (!order.isSound(scanner)) {
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
    private BatchScanner headersBefore(long timestamp, long startOffset) throws IOException {
        var times = segment.timeIndex();
        var entry = times.entryBefore(timestamp, tail.endOffset());
        if (entry >= 0 && times.offset(entry) > startOffset) {
            var offset = times.offset(entry);
            var scanner = headersBefore(offset);
            var isMore = scanner.next();
            while (isMore && scanner.lastOffset() < offset) {
                isMore = scanner.next();
            }
            if (isMore && scanner.maxTimestamp() == times.timestamp(entry)) {
                return headersBefore(offset);
            }
            isMisled = true;
        }
        return headersBefore(startOffset);
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

    /** What the batches before one say of it matters only where the one behind it raises a doubt. */
    private BatchOrder orderAt(BatchScanner first) throws IOException {
        if (BatchOrder.within(segment.baseOffset(), tail.endOffset()).isSound(first)) {
            return BatchOrder.within(segment.baseOffset(), tail.endOffset());
        }
        var walked = orderFromBeginning();
        var scanner = headersFrom(0);
        while (scanner.next() && scanner.position() < first.position()) {
            walked.isSound(scanner);
        }
        return walked;
    }

    private BatchOrder orderFromBeginning() {
        return BatchOrder.between(segment.baseOffset(), tail.endOffset());
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
    private BatchScanner headersBefore(long offset) throws IOException {
        var entry = segment.offsetIndex().entryBefore(offset);
        walkedFrom = segment.offsetIndex().position(entry);
        var scanner = headersFrom(walkedFrom);
        if (entry < 0) {
            order = orderFromBeginning();
        } else if (!isNamed(scanner, entry)) {
            walkedFrom = 0;
            scanner = headersFrom(0);
            order = orderFromBeginning();
        }
        return scanner;
    }

    /** Where the walk began that {@link #locate} has made. */
    int walkedFrom() {
        return walkedFrom;
    }

    /**
     * Whether a walk from where an entry points meets the batch that holds its offset, mostly as its last and in the first batch; Kafka's
     * cleaner notes the last record that it kept of several. The walk goes on with the first one. No CRC covers an index: one wrong bit,
     * and it names a place within a batch, or a batch behind the one that is looked for.
     */
    private boolean isNamed(BatchScanner atEntry, int entry) throws IOException {
        var position = segment.offsetIndex().position(entry);
        var lastOffset = segment.offsetIndex().lastOffset(entry);
        var isMore = position >= 0 && position < tail.sizeInBytes() && atEntry.next();
        if (isMore) {
            order = atEntry.lastOffset() == lastOffset
                    ? BatchOrder.from(atEntry.baseOffset(), tail.endOffset())
                    : orderAt(atEntry);
        }
        while (isMore && atEntry.lastOffset() < lastOffset) {
            isMore = atEntry.next();
        }
        if (!isMore || atEntry.baseOffset() > lastOffset) {
            isMisled = true;
            return false;
        }
        atEntry.backTo(position);
        return true;
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
