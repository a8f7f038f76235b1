package io.thalweg.client;

import io.thalweg.protocol.record.RecordBatch;

/** The id and epoch under which an idempotent producer writes. */
record ProducerIdentity(long id, short epoch) {

    static final ProducerIdentity NONE =
            new ProducerIdentity(RecordBatch.NO_PRODUCER_ID, RecordBatch.NO_PRODUCER_EPOCH);

    boolean isPresent() {
        return id >= 0;
    }

    /** The same id in the next epoch; after the last epoch none. */
    ProducerIdentity next() {
        return epoch == Short.MAX_VALUE ? NONE : new ProducerIdentity(id, (short) (epoch + 1));
    }
}
