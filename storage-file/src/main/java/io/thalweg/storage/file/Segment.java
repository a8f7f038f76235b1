package io.thalweg.storage.file;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One file of a log with its two indexes.
 *
 * <p>Written by the owner of the log; what readers may see is in {@link #tail}, published by it. See {@link SegmentReader} for reads.
 */
final class Segment {

    /** What has been appended, as far as readers may go. */
    record Tail(int sizeInBytes, long endOffset, long maxTimestamp, long maxTimestampOffset) {

        static Tail empty(long baseOffset) {
            return new Tail(0, baseOffset, -1, baseOffset);
        }
    }

    /** The part of a segment that its indexes are about: below an offset, which is found a little after a position. */
    record Indexed(long endOffset, int position) {

        static final Indexed NOTHING = new Indexed(0, 0);
    }

    private final long baseOffset;
    private final SharedFile file;
    private final OffsetIndex offsetIndex;
    private final TimeIndex timeIndex;
    private final Warmth.Chunks warmth;
    private final CheckedRange checked;

    private volatile Tail tail;

    /** How much of the file, and whether all of its indexes, survive a power cut; for the thread that syncs. */
    private volatile int syncedBytes;

    /** How often the file was made shorter, or may have been; a size that is not durable could be the old one again. */
    private volatile int resizes;

    /** How many of these are durable; for the thread that syncs. */
    private volatile int syncedResizes;

    /** How much survives a power cut in this file, with its name, or in the journal. */
    private volatile int coveredBytes;

    private volatile Indexed written = Indexed.NOTHING;
    private volatile int notedPosition;

    private volatile boolean closed;
    private volatile boolean indexesSynced;

    /** Whether the indexes were built or checked in this life of the engine. */
    private volatile boolean soundIndexes = true;

    private final AtomicBoolean rebuildClaimed = new AtomicBoolean();
    private final AtomicBoolean doubtClaimed = new AtomicBoolean();

    /** Whether what a failed append has left could not be cut off yet. */
    private volatile boolean hasRemains;

    /** For the owner: bytes since the last entry of the offset index. */
    private int unindexedBytes;

    /** When it was last appended to, epoch milliseconds, if it has no timestamps; else -1. */
    private volatile long modifiedMillis = -1;

    /** For the owner: when the segment began, epoch milliseconds: the first batch's timestamp, or if it has none, the time of creation. */
    private long beganMillis;

    Segment(SegmentFiles files, Tail tail, CheckedRange checked, Warmth.Chunks warmth) {
        this.baseOffset = files.baseOffset();
        this.file = files.log();
        this.offsetIndex = files.offsetIndex();
        this.timeIndex = files.timeIndex();
        this.tail = tail;
        this.checked = checked;
        this.warmth = warmth;
    }

    long baseOffset() {
        return baseOffset;
    }

    Tail tail() {
        return tail;
    }

    long endOffset() {
        return tail.endOffset();
    }

    int sizeInBytes() {
        return tail.sizeInBytes();
    }

    SharedFile file() {
        return file;
    }

    OffsetIndex offsetIndex() {
        return offsetIndex;
    }

    TimeIndex timeIndex() {
        return timeIndex;
    }

    CheckedRange checked() {
        return checked;
    }

    Warmth.Chunks warmth() {
        return warmth;
    }

    long beganMillis() {
        return beganMillis;
    }

    void began(long millis) {
        beganMillis = millis;
    }

    long modifiedMillis() {
        return modifiedMillis;
    }

    /** It was last appended to then; to be told if it has no timestamps. */
    void modified(long millis) {
        modifiedMillis = millis;
    }

    void unindexedBytes(int bytes) {
        unindexedBytes = bytes;
    }

    /** Writes batches at a position at or past what readers may see, in one go. */
    void write(List<Batch> batches, int position, int sizeInBytes) throws IOException {
        var sources = new ByteBuffer[batches.size()];
        for (var i = 0; i < sources.length; i++) {
            sources[i] = batches.get(i).bytes().duplicate();
        }
        var opened = file.lease();
        if (opened == null) {
            throw new IOException(file.path() + ": closed");
        }
        try {
            opened.write(sources, position);
        } finally {
            file.release();
        }
        warmth.touch(position, sizeInBytes);
    }

    /** Makes bytes durable that may lie past the tail. */
    void syncWritten() throws IOException {
        sync(file);
    }

    /** Cuts off what a failed append may have left past the tail. Where that fails, {@link #close} tries again. */
    void cutToTail() throws IOException {
        hasRemains = true;
        var opened = file.lease();
        if (opened != null) {
            try {
                resized();
                opened.truncate(tail.sizeInBytes());
                hasRemains = false;
            } finally {
                file.release();
            }
        }
    }

    /** The file may have been made shorter, which is durable after the next sync; told by the owner. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // one writer
    void resized() {
        resizes++;
    }

    /** Shows readers batches that were written at the tail. */
    void publish(List<Batch> batches, int indexIntervalBytes) throws IOException {
        var seen = tail;
        var position = seen.sizeInBytes();
        if (position == 0 && batches.get(0).maxTimestamp() >= 0) {
            beganMillis = batches.get(0).maxTimestamp();
        }
        var timestamp = seen.maxTimestamp();
        var timestampOffset = seen.maxTimestampOffset();
        for (var batch : batches) {
            if (batch.maxTimestamp() > timestamp) {
                timestamp = batch.maxTimestamp();
                timestampOffset = batch.lastOffset();
            }
            if (unindexedBytes > indexIntervalBytes) {
                offsetIndex.append(batch.lastOffset(), position);
                timeIndex.append(timestamp, timestampOffset);
                unindexedBytes = 0;
            }
            var size = batch.bytes().remaining();
            position += size;
            unindexedBytes += size;
        }
        var endOffset = batches.get(batches.size() - 1).lastOffset() + 1;
        if (timestamp >= 0) {
            modifiedMillis = -1;
        }
        tail = new Tail(position, endOffset, timestamp, timestampOffset);
    }

    /** How many entries of the indexes are not in their files yet. */
    int unwrittenEntries() {
        return offsetIndex.file().unwrittenCount() + timeIndex.file().unwrittenCount();
    }

    /** Writes what the indexes hold, so that a crash costs less, without waiting for the disk. */
    void writeIndexes(Disk disk) throws IOException {
        offsetIndex.file().write(disk);
        timeIndex.file().write(disk);
        if (offsetIndex.file().count() > 0) {
            written = new Indexed(offsetIndex.lastOffset() + 1, offsetIndex.lastPosition());
        }
    }

    /** How much of the segment the index files say nothing about. */
    int unwrittenBytes() {
        return unwrittenEntries() == 0 ? 0 : tail.sizeInBytes() - written.position();
    }

    /** How far the index files go; a sync of them now makes that durable. */
    Indexed written() {
        return written;
    }

    /** Makes what the index files hold survive a power cut, but for their names; false if they are gone. */
    boolean syncIndexes() throws IOException {
        return sync(offsetIndex.file().file()) && sync(timeIndex.file().file());
    }

    /** Up to which position the indexes are known to be durable; for those who note it. */
    int notedPosition() {
        return notedPosition;
    }

    void noted(int position) {
        notedPosition = position;
    }

    /** Ends the appends: the time index gets the greatest timestamp, and both indexes are complete on disk. */
    void close(Disk disk) throws IOException {
        if (!closed) {
            if (hasRemains) {
                cutToTail();
            }
            endTimeIndex();
            writeIndexes(disk);
            closed = true;
        }
    }

    /** The same where no recovery would follow a crash half-way: the indexes take the place of older ones whole, and are durable. */
    void closeAtOnce(Disk disk) throws IOException {
        endTimeIndex();
        offsetIndex.file().replace(disk);
        timeIndex.file().replace(disk);
        closed = true;
        indexesSynced = true;
    }

    /** Ends a segment that is to take the place of others: durable but for the names, which {@link #putIndexesInPlace} begins with. */
    void prepare(Disk disk, long endOffset) throws IOException {
        endTimeIndex();
        sync(file);
        offsetIndex.file().prepare(disk);
        timeIndex.file().prepare(disk);
        tail = new Tail(tail.sizeInBytes(), endOffset, tail.maxTimestamp(), tail.maxTimestampOffset());
        closed = true;
        synced(tail.sizeInBytes(), true);
        covered(tail.sizeInBytes());
    }

    void putIndexesInPlace(Disk disk) throws IOException {
        offsetIndex.file().putInPlace(disk);
        timeIndex.file().putInPlace(disk);
    }

    private void endTimeIndex() throws IOException {
        if (tail.sizeInBytes() > 0) {
            timeIndex.append(tail.maxTimestamp(), tail.maxTimestampOffset());
        }
    }

    /** Frees what only appends need in memory. */
    void seal() {
        offsetIndex.file().seal();
        timeIndex.file().seal();
    }

    boolean isClosed() {
        return closed;
    }

    /** Marks a segment found on disk as closed, its indexes not looked into yet. */
    void foundClosed() {
        closed = true;
        soundIndexes = false;
    }

    /** The indexes are not to be built anew, whatever is found wrong with an entry: it is the batches that are damaged. */
    void keepIndexes() {
        doubtClaimed.set(true);
    }

    /** True for the first who finds that an entry of the index is not about the batch it names, unless indexes are kept. */
    boolean claimDoubt() {
        return doubtClaimed.compareAndSet(false, true);
    }

    /** True for the one caller that is to build the indexes anew, or to remove them. */
    boolean claimRebuild() {
        return rebuildClaimed.compareAndSet(false, true);
    }

    /** Gives back what {@link #claimRebuild} gave. */
    void releaseRebuild() {
        rebuildClaimed.set(false);
    }

    boolean hasSoundIndexes() {
        return soundIndexes;
    }

    /** The indexes were looked into, and can be used. */
    void foundSound() {
        soundIndexes = true;
    }

    /** Marks what a past sync, or one just done, has made durable. */
    void synced(int bytes, boolean indexes) {
        syncedBytes = bytes;
        indexesSynced = indexes;
    }

    /** Whether the segment is closed, and its indexes survive a power cut. */
    boolean hasDurableIndexes() {
        return closed && indexesSynced;
    }

    int syncedBytes() {
        return syncedBytes;
    }

    /** Whether the file has bytes that nobody has synced. */
    boolean isUnsynced() {
        return syncedBytes != tail.sizeInBytes();
    }

    boolean isDirty() {
        return isUnsynced()
                || resizes != syncedResizes
                || coveredBytes < tail.sizeInBytes()
                || (closed && !indexesSynced);
    }

    int coveredBytes() {
        return coveredBytes;
    }

    /** So many bytes are durable, here with the name of the file, or in the journal. */
    synchronized void covered(int bytes) {
        coveredBytes = Math.max(coveredBytes, bytes);
    }

    /**
     * Makes what was appended before the call survive a power cut, but for the name of the file, and the indexes if the segment is
     * closed; gives how many bytes do.
     */
    int sync() throws IOException {
        var size = tail.sizeInBytes();
        var withIndexes = closed;
        var seenResizes = resizes;
        if ((size != syncedBytes || seenResizes != syncedResizes) && !sync(file)) {
            return syncedBytes;
        }
        syncedResizes = seenResizes;
        if (withIndexes && !indexesSynced && !syncIndexes()) {
            return syncedBytes;
        }
        synced(size, withIndexes);
        return size;
    }

    /** False if the file is gone, and with it what was to be synced. */
    private static boolean sync(SharedFile file) throws IOException {
        var opened = file.lease();
        if (opened == null) {
            return false;
        }
        try {
            opened.sync();
            return true;
        } finally {
            file.release();
        }
    }

    /** Gives up the files; they close when the last reader is done. */
    void retire() {
        file.retire();
        offsetIndex.file().file().retire();
        timeIndex.file().file().retire();
    }
}
