package io.thalweg.protocol.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch. Confined to one thread.
 *
 * <p>Records gather uncompressed in a heap buffer that grows up to the bound given; {@link #build()} compresses them all at once,
 * so the bound holds for what goes in and not for what comes out. Without compression the bytes are the ones that Kafka's own clients
 * write. What append is given is lent for the call.
 */
public final class RecordBatchBuilder {

    private final RecordWriter records;
    private boolean isBuilt;

    private Compression compression = Compression.NONE;
    private int level = Codec.DEFAULT_LEVEL;
    private int attributes;
    private long baseOffset;
    private int leaderEpoch = RecordBatch.NO_LEADER_EPOCH;
    private long producerId = RecordBatch.NO_PRODUCER_ID;
    private short producerEpoch = RecordBatch.NO_PRODUCER_EPOCH;
    private int baseSequence = RecordBatch.NO_SEQUENCE;
    private long appendTime;

    private long baseTimestamp;
    private long maxTimestamp;
    private int lastOffsetDelta = -1;
    private int recordsCount;

    /** The batch whose records these are some of, if there is one; its offsets stay. */
    private @Nullable RecordBatch original;

    private boolean hasDeleteHorizon;

    /** Creates a builder for a batch of at most so many bytes before compression, header included. */
    public RecordBatchBuilder(int maxBytes) {
        this.records = new RecordWriter(RecordBatch.HEADER_BYTES, checked(maxBytes));
    }

    /**
     * As {@link #RecordBatchBuilder(int)}, for who keeps memory: the batch begins in this one, and leaves it if it grows past its capacity.
     * It is lent until what {@link #build()} gives is used no more.
     *
     * @param memory has room for a header at least
     */
    public RecordBatchBuilder(int maxBytes, byte[] memory) {
        if (memory.length < RecordBatch.HEADER_BYTES) {
            throw new IllegalArgumentException("memory of " + memory.length
                    + " bytes for a batch; its header alone has " + RecordBatch.HEADER_BYTES);
        }
        this.records = new RecordWriter(RecordBatch.HEADER_BYTES, checked(maxBytes), memory);
    }

    private static int checked(int maxBytes) {
        if (maxBytes < RecordBatch.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "batch of at most " + maxBytes + " bytes; its header alone has " + RecordBatch.HEADER_BYTES);
        }
        return maxBytes;
    }

    /** Bytes of a batch that holds this record alone, before compression. */
    public static long batchBytes(@Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        return RecordBatch.HEADER_BYTES + RecordWriter.recordBytes(0, 0, key, value, headers);
    }

    /** Compresses the records at the library's own level; not at all unless told so. */
    public RecordBatchBuilder compression(Compression compression) {
        return compression(compression, Codec.DEFAULT_LEVEL);
    }

    /** Compresses the records at a level of the library: 1 to 9 for gzip, 1 to 17 for lz4, up to 22 for zstd; snappy has none. */
    public RecordBatchBuilder compression(Compression compression, int level) {
        this.compression = compression;
        this.level = level;
        return this;
    }

    /** Begins the batch at this offset, 0 unless told so; not once a record is in it. */
    public RecordBatchBuilder baseOffset(long baseOffset) {
        if (recordsCount > 0) {
            throw new IllegalStateException(
                    "batch has " + recordsCount + " records; its base offset stays " + this.baseOffset);
        }
        this.baseOffset = baseOffset;
        return this;
    }

    /** Notes the epoch of the leader that appends the batch. */
    public RecordBatchBuilder leaderEpoch(int leaderEpoch) {
        this.leaderEpoch = leaderEpoch;
        return this;
    }

    /** Notes the idempotent producer and the sequence number of the first record. */
    public RecordBatchBuilder producer(long producerId, short producerEpoch, int baseSequence) {
        this.producerId = producerId;
        this.producerEpoch = producerEpoch;
        this.baseSequence = baseSequence;
        return this;
    }

    /** Makes the batch part of its producer's transaction. */
    public RecordBatchBuilder transactional() {
        attributes |= RecordBatch.TRANSACTIONAL_BIT;
        return this;
    }

    /** Makes the records markers that consumers do not see. */
    RecordBatchBuilder control() {
        attributes |= RecordBatch.CONTROL_BIT;
        return this;
    }

    /**
     * Puts what is appended, which may be nothing, in the place of all the records of another batch: its offsets, producer, sequence
     * numbers, epoch, compression and kind stay. The other batch is lent until {@link #build()}.
     */
    public RecordBatchBuilder inPlaceOf(RecordBatch batch) {
        original = batch;
        compression = batch.compression();
        attributes = batch.attributes() & ~RecordBatch.COMPRESSION_BITS & ~RecordBatch.DELETE_HORIZON_BIT;
        baseOffset(batch.baseOffset());
        leaderEpoch(batch.partitionLeaderEpoch());
        producer(batch.producerId(), batch.producerEpoch(), batch.baseSequence());
        appendTime = batch.maxTimestamp();
        return batch.hasDeleteHorizon() ? deleteHorizon(batch.baseTimestamp()) : this;
    }

    /** Notes from when on, epoch milliseconds, tombstones may be removed (KIP-534); not once a record is in the batch. */
    public RecordBatchBuilder deleteHorizon(long millis) {
        if (recordsCount > 0) {
            throw new IllegalStateException("batch has " + recordsCount + " records; their timestamps are coded");
        }
        hasDeleteHorizon = true;
        baseTimestamp = millis;
        return this;
    }

    /** Stamps all records with the time of the append instead of their own. */
    public RecordBatchBuilder appendTime(long millis) {
        attributes |= RecordBatch.LOG_APPEND_TIME_BIT;
        appendTime = millis;
        return this;
    }

    /** As {@link #append(long, ByteBuffer, ByteBuffer, List)}, without headers. */
    public boolean append(long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        return append(timestamp, key, value, List.of());
    }

    /**
     * Appends a record at the next offset. Buffers are read from position to limit, which stay where they are.
     *
     * @return false if it does not fit any more; the batch is then as it was
     */
    public boolean append(
            long timestamp, @Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        return appendAt(baseOffset + lastOffsetDelta + 1, timestamp, key, value, headers);
    }

    /** As {@link #append(long, ByteBuffer, ByteBuffer, List)}, at an offset of one's own that is past the last one. */
    public boolean appendAt(
            long offset,
            long timestamp,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers) {
        checkNotBuilt();
        int offsetDelta = checkedDelta(offset);
        long timestampDelta = recordsCount == 0 && !hasDeleteHorizon ? 0 : timestamp - baseTimestamp;
        if (!records.append(timestampDelta, offsetDelta, key, value, headers)) {
            return false;
        }
        count(timestamp, offsetDelta);
        return true;
    }

    private int checkedDelta(long offset) {
        long delta = offset - baseOffset;
        if (delta <= lastOffsetDelta || delta > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("record at offset " + offset + " in a batch of offsets " + baseOffset
                    + " to " + (baseOffset + lastOffsetDelta));
        }
        return (int) delta;
    }

    private void count(long timestamp, int offsetDelta) {
        baseTimestamp = recordsCount == 0 && !hasDeleteHorizon ? timestamp : baseTimestamp;
        maxTimestamp = recordsCount == 0 ? timestamp : Math.max(maxTimestamp, timestamp);
        lastOffsetDelta = offsetDelta;
        recordsCount++;
    }

    /** How many records are in the batch. */
    public int recordsCount() {
        return recordsCount;
    }

    /** Bytes of the batch so far, header included, before compression. */
    public int sizeInBytes() {
        return records.position();
    }

    /**
     * Ends the batch and gives its bytes, from position to limit, with lengths and CRC. The builder is done.
     *
     * @throws MissingCodecException if the library of the compression is missing
     */
    public ByteBuffer build() {
        checkNotBuilt();
        if (original != null) {
            endLike(original);
        } else if (recordsCount == 0) {
            throw new IllegalStateException("batch has no record");
        }
        isBuilt = true;
        ByteBuffer batch = compression == Compression.NONE ? records.toBuffer() : compress(records.toBuffer());
        writeHeader(batch);
        return batch;
    }

    private void endLike(RecordBatch batch) {
        lastOffsetDelta = batch.lastOffsetDelta();
        if (recordsCount == 0) {
            compression = Compression.NONE;
            hasDeleteHorizon = false;
            baseTimestamp = batch.maxTimestamp();
            maxTimestamp = batch.maxTimestamp();
        } else if (hasDeleteHorizon) {
            attributes |= RecordBatch.DELETE_HORIZON_BIT;
        }
    }

    private void checkNotBuilt() {
        if (isBuilt) {
            throw new IllegalStateException("batch of " + recordsCount + " records is built");
        }
    }

    private ByteBuffer compress(ByteBuffer plain) {
        GrowingBuffer target = new GrowingBuffer(plain.limit());
        try (OutputStream compressed = compression.codec().compress(target, level)) {
            compressed.write(
                    plain.array(),
                    plain.arrayOffset() + RecordBatch.HEADER_BYTES,
                    plain.limit() - RecordBatch.HEADER_BYTES);
        } catch (IOException e) {
            throw new UncheckedIOException("records do not compress as " + compression.configName(), e);
        } catch (LinkageError e) {
            throw new MissingCodecException(compression, e);
        }
        return target.toBuffer();
    }

    private void writeHeader(ByteBuffer batch) {
        batch.putLong(0, baseOffset);
        batch.putInt(RecordBatch.BATCH_LENGTH_AT, batch.limit() - RecordBatch.LENGTH_PREFIX_BYTES);
        batch.putInt(RecordBatch.LEADER_EPOCH_AT, leaderEpoch);
        batch.put(RecordBatch.MAGIC_AT, RecordBatch.MAGIC);
        batch.putShort(RecordBatch.ATTRIBUTES_AT, (short) (attributes | compression.id()));
        batch.putInt(RecordBatch.LAST_OFFSET_DELTA_AT, lastOffsetDelta);
        batch.putLong(RecordBatch.BASE_TIMESTAMP_AT, baseTimestamp);
        boolean isStamped = (attributes & RecordBatch.LOG_APPEND_TIME_BIT) != 0;
        batch.putLong(RecordBatch.MAX_TIMESTAMP_AT, isStamped ? appendTime : maxTimestamp);
        batch.putLong(RecordBatch.PRODUCER_ID_AT, producerId);
        batch.putShort(RecordBatch.PRODUCER_EPOCH_AT, producerEpoch);
        batch.putInt(RecordBatch.BASE_SEQUENCE_AT, baseSequence);
        batch.putInt(RecordBatch.RECORDS_COUNT_AT, recordsCount);
        batch.putInt(RecordBatch.CRC_AT, RecordBatch.crcOf(batch, 0, batch.limit()));
    }

    /** Room for a header, then what is written; given without a copy. */
    private static final class GrowingBuffer extends ByteArrayOutputStream {

        GrowingBuffer(int sizeHint) {
            super(sizeHint);
            count = RecordBatch.HEADER_BYTES;
        }

        ByteBuffer toBuffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
