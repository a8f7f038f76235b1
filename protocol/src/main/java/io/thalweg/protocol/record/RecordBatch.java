package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A view of one record batch of format 2 at a place in a buffer.
 *
 * <p>Numbers are big-endian:
 *
 * <pre>
 * at  size  field                   meaning
 *  0     8  base offset             of the first record; the log assigns it
 *  8     4  batch length            bytes after this field
 * 12     4  partition leader epoch  of the leader that appended it; the log assigns it
 * 16     1  magic                   2
 * 17     4  CRC                     CRC-32C of everything from the attributes to the end
 * 21     2  attributes              bits 0-2 compression, 3 log append time, 4 transactional, 5 control, 6 delete horizon
 * 23     4  last offset delta       last offset - base offset; stays when compaction removes records
 * 27     8  base timestamp          what the records' timestamp deltas add to; the delete horizon if bit 6 is set
 * 35     8  max timestamp           of the records, or the append time if bit 3 is set
 * 43     8  producer id             -1 without idempotence
 * 51     2  producer epoch          -1 without idempotence
 * 53     4  base sequence           of the first record; -1 without idempotence
 * 57     4  records count           less than last offset delta + 1 after compaction
 * 61     -  records                 see {@link RecordReader}; compressed as one stream if bits 0-2 say so
 * </pre>
 *
 * <p><b>Ownership.</b> The buffer is lent: the view is valid while the buffer's bytes and limit stay as they are, and never moves its
 * position. Any number of threads may read; the {@code assign} methods write into the buffer and belong to whoever owns its bytes,
 * on append the shard.
 */
public final class RecordBatch {

    /** The only format that is read and written. */
    public static final byte MAGIC = 2;

    /** Bytes of the header, up to the first record. */
    public static final int HEADER_BYTES = 61;

    /** Bytes up to and with the batch length, which does not count them. */
    public static final int LENGTH_PREFIX_BYTES = 12;

    /** Producer id of a batch written without idempotence. */
    public static final long NO_PRODUCER_ID = -1;

    /** Producer epoch of a batch written without idempotence. */
    public static final short NO_PRODUCER_EPOCH = -1;

    /** Base sequence of a batch written without idempotence, and of every control batch. */
    public static final int NO_SEQUENCE = -1;

    /** Partition leader epoch of a batch no leader has appended. */
    public static final int NO_LEADER_EPOCH = -1;

    /** Timestamp of a record that has none. */
    public static final long NO_TIMESTAMP = -1;

    static final int BATCH_LENGTH_AT = 8;
    static final int LEADER_EPOCH_AT = 12;
    static final int MAGIC_AT = 16;
    static final int CRC_AT = 17;
    static final int ATTRIBUTES_AT = 21;
    static final int LAST_OFFSET_DELTA_AT = 23;
    static final int BASE_TIMESTAMP_AT = 27;
    static final int MAX_TIMESTAMP_AT = 35;
    static final int PRODUCER_ID_AT = 43;
    static final int PRODUCER_EPOCH_AT = 51;
    static final int BASE_SEQUENCE_AT = 53;
    static final int RECORDS_COUNT_AT = 57;

    static final int COMPRESSION_BITS = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int TRANSACTIONAL_BIT = 0x10;
    static final int CONTROL_BIT = 0x20;
    static final int DELETE_HORIZON_BIT = 0x40;

    private static final int MIN_BATCH_LENGTH = HEADER_BYTES - LENGTH_PREFIX_BYTES;
    private static final int MAX_BATCH_LENGTH = Integer.MAX_VALUE - LENGTH_PREFIX_BYTES;

    private final ByteBuffer buffer;
    private final int position;

    private RecordBatch(ByteBuffer buffer, int position) {
        this.buffer = buffer;
        this.position = position;
    }

    /**
     * The batch whose header begins at this position of the buffer. The records may lie past its limit: a log that only wants the
     * headers reads no more than those; see {@link #isWhole()}.
     *
     * @throws CorruptRecordException if the header is not all there, its length is impossible or its magic unknown
     * @throws UnsupportedMagicException if it is a message set of format 0 or 1
     */
    public static RecordBatch at(ByteBuffer buffer, int position) {
        if (buffer.order() != ByteOrder.BIG_ENDIAN) {
            throw new IllegalArgumentException("buffer is little-endian; expected big-endian");
        }
        checkMagic(buffer, position);
        int available = buffer.limit() - position;
        if (available < HEADER_BYTES) {
            throw new CorruptRecordException("batch header at position " + position + " is cut after " + available
                    + " bytes; expected " + HEADER_BYTES);
        }
        int batchLength = buffer.getInt(position + BATCH_LENGTH_AT);
        if (batchLength < MIN_BATCH_LENGTH || batchLength > MAX_BATCH_LENGTH) {
            throw new CorruptRecordException("batch length " + batchLength + " at position " + position + "; expected "
                    + MIN_BATCH_LENGTH + " to " + MAX_BATCH_LENGTH);
        }
        return new RecordBatch(buffer, position);
    }

    private static void checkMagic(ByteBuffer buffer, int position) {
        if (buffer.limit() - position <= MAGIC_AT) {
            return;
        }
        byte magic = buffer.get(position + MAGIC_AT);
        if (magic == 0 || magic == 1) {
            throw new UnsupportedMagicException(magic, position);
        }
        if (magic != MAGIC) {
            throw new CorruptRecordException(
                    "batch of magic " + magic + " at position " + position + "; expected " + MAGIC);
        }
    }

    /** Whether the buffer holds the whole batch and not only its header. */
    public boolean isWhole() {
        return buffer.limit() - position >= sizeInBytes();
    }

    /** Offset of the first record the producer put in, even if compaction removed it. */
    public long baseOffset() {
        return buffer.getLong(position);
    }

    /** Offset of the last record the producer put in, even if compaction removed it. */
    public long lastOffset() {
        return baseOffset() + lastOffsetDelta();
    }

    /** The offset after this batch. */
    public long nextOffset() {
        return lastOffset() + 1;
    }

    /** Bytes of the whole batch, header included. */
    public int sizeInBytes() {
        return LENGTH_PREFIX_BYTES + batchLength();
    }

    /** Bytes after the batch length field, as the header says. */
    public int batchLength() {
        return buffer.getInt(position + BATCH_LENGTH_AT);
    }

    /** Epoch of the leader that appended the batch, or {@link #NO_LEADER_EPOCH}. */
    public int partitionLeaderEpoch() {
        return buffer.getInt(position + LEADER_EPOCH_AT);
    }

    /** The format, always {@link #MAGIC}. */
    public byte magic() {
        return buffer.get(position + MAGIC_AT);
    }

    /** The CRC in the header, as an unsigned number. */
    public long crc() {
        return Integer.toUnsignedLong(buffer.getInt(position + CRC_AT));
    }

    /** The attribute bits. */
    public short attributes() {
        return buffer.getShort(position + ATTRIBUTES_AT);
    }

    /**
     * How the records are compressed.
     *
     * @throws CorruptRecordException if the attributes hold an unknown id
     */
    public Compression compression() {
        return Compression.fromId(attributes() & COMPRESSION_BITS);
    }

    /** Who set the timestamps. */
    public TimestampType timestampType() {
        return has(LOG_APPEND_TIME_BIT) ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME;
    }

    /** Whether the batch is part of a transaction. */
    public boolean isTransactional() {
        return has(TRANSACTIONAL_BIT);
    }

    /** Whether the records are markers that consumers do not see. */
    public boolean isControl() {
        return has(CONTROL_BIT);
    }

    /** Whether compaction noted in the base timestamp when tombstones and markers may go. */
    public boolean hasDeleteHorizon() {
        return has(DELETE_HORIZON_BIT);
    }

    private boolean has(int bit) {
        return (attributes() & bit) != 0;
    }

    /** Last offset minus base offset. */
    public int lastOffsetDelta() {
        return buffer.getInt(position + LAST_OFFSET_DELTA_AT);
    }

    /** What the records' timestamp deltas add to, in epoch milliseconds; the delete horizon if there is one. */
    public long baseTimestamp() {
        return buffer.getLong(position + BASE_TIMESTAMP_AT);
    }

    /** The largest timestamp of the records, in epoch milliseconds, or {@link #NO_TIMESTAMP}. */
    public long maxTimestamp() {
        return buffer.getLong(position + MAX_TIMESTAMP_AT);
    }

    /** Whether an idempotent producer wrote the batch. */
    public boolean hasProducerId() {
        return producerId() > NO_PRODUCER_ID;
    }

    /** Id of the idempotent producer, or {@link #NO_PRODUCER_ID}. */
    public long producerId() {
        return buffer.getLong(position + PRODUCER_ID_AT);
    }

    /** Epoch of the idempotent producer, or {@link #NO_PRODUCER_EPOCH}. */
    public short producerEpoch() {
        return buffer.getShort(position + PRODUCER_EPOCH_AT);
    }

    /** Sequence number of the first record, or {@link #NO_SEQUENCE}. */
    public int baseSequence() {
        return buffer.getInt(position + BASE_SEQUENCE_AT);
    }

    /** Sequence number of the last record, or {@link #NO_SEQUENCE}; after the largest int comes 0. */
    public int lastSequence() {
        int baseSequence = baseSequence();
        return baseSequence == NO_SEQUENCE ? NO_SEQUENCE : sequenceAfter(baseSequence, lastOffsetDelta());
    }

    /** The sequence number so many records after another one; after the largest int comes 0. */
    public static int sequenceAfter(int sequence, int recordsCount) {
        return (sequence + recordsCount) & Integer.MAX_VALUE;
    }

    /** How many records the header says are in the batch; {@link RecordChecker} finds out whether they are. */
    public int recordsCount() {
        return buffer.getInt(position + RECORDS_COUNT_AT);
    }

    /** Whether the bytes are the ones the CRC was computed over; reads them all, copies none. */
    public boolean crcIsValid() {
        return computeCrc() == buffer.getInt(position + CRC_AT);
    }

    private int computeCrc() {
        checkWhole();
        return crcOf(buffer, position, sizeInBytes());
    }

    static int crcOf(ByteBuffer buffer, int position, int sizeInBytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(position + ATTRIBUTES_AT, sizeInBytes - ATTRIBUTES_AT));
        return (int) crc.getValue();
    }

    /** The bytes of the whole batch as a slice of the lent buffer. */
    public ByteBuffer bytes() {
        checkWhole();
        return buffer.slice(position, sizeInBytes());
    }

    /** The records as they are stored, that is perhaps compressed, as a slice of the lent buffer. */
    public ByteBuffer recordBytes() {
        checkWhole();
        return buffer.slice(position + HEADER_BYTES, sizeInBytes() - HEADER_BYTES);
    }

    /** Reads the records, decompressing at most what {@link DecompressionLimit#DEFAULT} allows. */
    public RecordReader records() {
        return records(DecompressionLimit.DEFAULT);
    }

    /**
     * Reads the records; close the reader unless it has come to the end.
     *
     * @throws CorruptRecordException if the header names no compression, or the records do not begin as it says
     * @throws MissingCodecException if the library of the batch's compression is missing
     */
    public RecordReader records(DecompressionLimit decompression) {
        return new RecordReader(this, decompression);
    }

    private void checkWhole() {
        if (!isWhole()) {
            throw new IllegalStateException("batch at offset " + baseOffset() + " has " + sizeInBytes()
                    + " bytes, but only " + (buffer.limit() - position) + " are in the buffer");
        }
    }

    /** Moves the batch to begin at this offset. The CRC does not cover it. */
    public void assignOffsets(long baseOffset) {
        buffer.putLong(position, baseOffset);
    }

    /** Notes the epoch of the leader that appends the batch. The CRC does not cover it. */
    public void assignLeaderEpoch(int partitionLeaderEpoch) {
        buffer.putInt(position + LEADER_EPOCH_AT, partitionLeaderEpoch);
    }

    /** Sets who gave the timestamps and the largest of them; computes the CRC anew if that is a change. */
    public void assignTimestamps(TimestampType type, long maxTimestamp) {
        if (type == timestampType() && maxTimestamp == maxTimestamp()) {
            return;
        }
        int others = attributes() & ~LOG_APPEND_TIME_BIT;
        int bit = type == TimestampType.LOG_APPEND_TIME ? LOG_APPEND_TIME_BIT : 0;
        buffer.putShort(position + ATTRIBUTES_AT, (short) (others | bit));
        buffer.putLong(position + MAX_TIMESTAMP_AT, maxTimestamp);
        buffer.putInt(position + CRC_AT, computeCrc());
    }

    @Override
    public String toString() {
        return "batch of offsets " + baseOffset() + " to " + lastOffset() + ", leader epoch " + partitionLeaderEpoch()
                + ", " + recordsCount() + " records, " + sizeInBytes() + " bytes";
    }
}
