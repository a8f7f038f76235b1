package io.thalweg.broker.partition;

import io.thalweg.protocol.record.RecordBatch;
import java.util.Optional;

/** What ends a transaction in a partition: the type of a control record, which is its key's second number of 2 bytes (KIP-98). */
enum TransactionMarker {
    ABORT,
    COMMIT;

    private static final int KEY_BYTES = 4;
    private static final int TYPE_AT = 2;

    /** The marker that a control batch is; empty if it is none, but a record of another kind. */
    static Optional<TransactionMarker> in(RecordBatch batch) {
        try (var records = batch.records()) {
            var key = records.hasNext() ? records.next().key() : null;
            var type = key == null || key.remaining() < KEY_BYTES ? -1 : key.getShort(key.position() + TYPE_AT);
            return type < 0 || type >= values().length ? Optional.empty() : Optional.of(values()[type]);
        }
    }
}
