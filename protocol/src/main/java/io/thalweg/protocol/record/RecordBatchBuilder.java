package io.thalweg.protocol.record;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Builds one record batch. Confined to one thread.
 *
 * <p>Records gather uncompressed in a heap buffer that grows up to the bound given; {@link #build()} compresses them all at once,
 * so the bound holds for what goes in and not for what comes out. Without compression the bytes are the ones that Kafka's own clients
 * write. What append is given is lent for the call.
 */
public final class RecordBatchBuilder {

    private static final int FIRST_BYTES = 1 << 10;

    private final int maxBytes;
    private ByteBuffer buffer;
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

    /** Creates a builder for a batch of at most so many bytes before compression, header included. */
    public RecordBatchBuilder(int maxBytes) {
        if (maxBytes < RecordBatch.HEADER_BYTES) {
            throw new IllegalArgumentException(
                    "batch of at most " + maxBytes + " bytes; its header alone has " + RecordBatch.HEADER_BYTES);
        }
        this.maxBytes = maxBytes;
        this.buffer = ByteBuffer.allocate(Math.min(maxBytes, FIRST_BYTES)).position(RecordBatch.HEADER_BYTES);
    }

    /** Bytes of a batch that holds this record alone, before compression. */
    public static long batchBytes(@Nullable ByteBuffer key, @Nullable ByteBuffer value, List<RecordHeader> headers) {
        long bodyBytes = bodyBytes(0, 0, key, value, headers, utf8Keys(headers));
        return RecordBatch.HEADER_BYTES + Varint.bytesOf(bodyBytes) + bodyBytes;
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
        long timestampDelta = recordsCount == 0 ? 0 : timestamp - baseTimestamp;
        List<byte[]> headerKeys = utf8Keys(headers);
        long bodyBytes = bodyBytes(timestampDelta, offsetDelta, key, value, headers, headerKeys);
        if (!makeRoom(Varint.bytesOf(bodyBytes) + bodyBytes)) {
            return false;
        }
        Varint.write(buffer, bodyBytes);
        buffer.put((byte) 0);
        Varint.write(buffer, timestampDelta);
        Varint.write(buffer, offsetDelta);
        writeNullable(key);
        writeNullable(value);
        writeHeaders(headers, headerKeys);
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
        baseTimestamp = recordsCount == 0 ? timestamp : baseTimestamp;
        maxTimestamp = recordsCount == 0 ? timestamp : Math.max(maxTimestamp, timestamp);
        lastOffsetDelta = offsetDelta;
        recordsCount++;
    }

    private static long bodyBytes(
            long timestampDelta,
            int offsetDelta,
            @Nullable ByteBuffer key,
            @Nullable ByteBuffer value,
            List<RecordHeader> headers,
            List<byte[]> headerKeys) {
        long bytes = 1L + Varint.bytesOf(timestampDelta) + Varint.bytesOf(offsetDelta);
        bytes += nullableBytes(key) + nullableBytes(value) + Varint.bytesOf(headers.size());
        for (int i = 0; i < headerKeys.size(); i++) {
            int keyBytes = headerKeys.get(i).length;
            bytes += Varint.bytesOf(keyBytes)
                    + keyBytes
                    + nullableBytes(headers.get(i).value());
        }
        return bytes;
    }

    private static long nullableBytes(@Nullable ByteBuffer bytes) {
        return bytes == null ? Varint.bytesOf(-1) : Varint.bytesOf(bytes.remaining()) + (long) bytes.remaining();
    }

    private static List<byte[]> utf8Keys(List<RecordHeader> headers) {
        return headers.isEmpty()
                ? List.of()
                : headers.stream()
                        .map(each -> each.key().getBytes(StandardCharsets.UTF_8))
                        .toList();
    }

    private boolean makeRoom(long bytes) {
        if (bytes <= buffer.remaining()) {
            return true;
        }
        if (bytes > maxBytes - buffer.position()) {
            return false;
        }
        long grown = Math.max(buffer.position() + bytes, 2L * buffer.capacity());
        buffer = ByteBuffer.allocate((int) Math.min(maxBytes, grown)).put(buffer.flip());
        return true;
    }

    private void writeHeaders(List<RecordHeader> headers, List<byte[]> headerKeys) {
        Varint.write(buffer, headers.size());
        for (int i = 0; i < headerKeys.size(); i++) {
            byte[] key = headerKeys.get(i);
            Varint.write(buffer, key.length);
            buffer.put(key);
            writeNullable(headers.get(i).value());
        }
    }

    private void writeNullable(@Nullable ByteBuffer bytes) {
        if (bytes == null) {
            Varint.write(buffer, -1);
            return;
        }
        Varint.write(buffer, bytes.remaining());
        buffer.put(buffer.position(), bytes, bytes.position(), bytes.remaining());
        buffer.position(buffer.position() + bytes.remaining());
    }

    /** How many records are in the batch. */
    public int recordsCount() {
        return recordsCount;
    }

    /** Bytes of the batch so far, header included, before compression. */
    public int sizeInBytes() {
        return buffer.position();
    }

    /**
     * Ends the batch and gives its bytes, from position to limit, with lengths and CRC. The builder is done.
     *
     * @throws MissingCodecException if the library of the compression is missing
     */
    public ByteBuffer build() {
        checkNotBuilt();
        if (recordsCount == 0) {
            throw new IllegalStateException("batch has no record");
        }
        ByteBuffer batch = compression == Compression.NONE ? buffer.flip() : compress();
        isBuilt = true;
        writeHeader(batch);
        return batch;
    }

    private void checkNotBuilt() {
        if (isBuilt) {
            throw new IllegalStateException("batch of " + recordsCount + " records is built");
        }
    }

    private ByteBuffer compress() {
        GrowingBuffer target = new GrowingBuffer(buffer.position());
        try (OutputStream compressed = compression.codec().compress(target, level)) {
            compressed.write(buffer.array(), RecordBatch.HEADER_BYTES, buffer.position() - RecordBatch.HEADER_BYTES);
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
        CRC32C crc = new CRC32C();
        crc.update(batch.slice(RecordBatch.ATTRIBUTES_AT, batch.limit() - RecordBatch.ATTRIBUTES_AT));
        batch.putInt(RecordBatch.CRC_AT, (int) crc.getValue());
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
