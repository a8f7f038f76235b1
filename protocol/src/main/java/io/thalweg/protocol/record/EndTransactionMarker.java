package io.thalweg.protocol.record;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The control record that ends a transaction in one partition, alone in its batch.
 *
 * <pre>
 *        at  size  field
 * key     0     2  version, 0
 *         2     2  type: 0 abort, 1 commit; others are not markers of transactions
 * value   0     2  version, 0
 *         2     4  coordinator epoch
 * </pre>
 *
 * @param isCommit whether the transaction is committed, else aborted
 * @param coordinatorEpoch epoch of the coordinator that wrote the marker; an older one is refused
 */
public record EndTransactionMarker(boolean isCommit, int coordinatorEpoch) {

    private static final short VERSION = 0;
    private static final short ABORT = 0;
    private static final short COMMIT = 1;
    private static final int KEY_BYTES = 4;
    private static final int VALUE_BYTES = 6;

    /** The marker's batch, at offset 0 until the log assigns one. */
    public ByteBuffer toBatch(long timestamp, long producerId, short producerEpoch) {
        short type = isCommit ? COMMIT : ABORT;
        ByteBuffer key =
                ByteBuffer.allocate(KEY_BYTES).putShort(VERSION).putShort(type).flip();
        ByteBuffer value = ByteBuffer.allocate(VALUE_BYTES)
                .putShort(VERSION)
                .putInt(coordinatorEpoch)
                .flip();
        RecordBatchBuilder builder = new RecordBatchBuilder((int) RecordBatchBuilder.batchBytes(key, value, List.of()));
        builder.producer(producerId, producerEpoch, RecordBatch.NO_SEQUENCE)
                .transactional()
                .control();
        builder.append(timestamp, key, value);
        return builder.build();
    }

    /**
     * The marker in a whole control batch; none if it holds another kind of control record, or none any more after compaction.
     *
     * @throws CorruptRecordException if the record is not what its type says
     */
    public static Optional<EndTransactionMarker> in(RecordBatch batch) {
        if (!batch.isControl()) {
            throw new IllegalArgumentException(batch + " is not a control batch");
        }
        try (RecordReader records = batch.records()) {
            return records.hasNext() ? from(records.next()) : Optional.empty();
        }
    }

    private static Optional<EndTransactionMarker> from(RecordView marker) {
        ByteBuffer key = checked(marker.key(), KEY_BYTES, "key", marker.offset());
        short type = key.getShort(Short.BYTES);
        if (type != ABORT && type != COMMIT) {
            return Optional.empty();
        }
        ByteBuffer value = checked(marker.value(), VALUE_BYTES, "value", marker.offset());
        return Optional.of(new EndTransactionMarker(type == COMMIT, value.getInt(Short.BYTES)));
    }

    private static ByteBuffer checked(@Nullable ByteBuffer bytes, int minBytes, String what, long offset) {
        if (bytes == null || bytes.remaining() < minBytes) {
            throw new CorruptRecordException("control record at offset " + offset + " has a " + what + " of "
                    + (bytes == null ? "no" : bytes.remaining()) + " bytes; expected " + minBytes);
        }
        return bytes;
    }
}
