package io.thalweg.coordinator.local;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * What was proposed together: the values of the records of one batch.
 *
 * @param baseOffset of the first record
 * @param epoch of the leader that proposed it
 * @param records at least one
 */
record Entry(long baseOffset, int epoch, List<ByteBuffer> records) {

    /** The most bytes an entry may have as a batch. */
    static final int MAX_BYTES = 32 << 20;

    /** The entry's own offset, which is that of its last record. */
    long offset() {
        return baseOffset + records.size() - 1;
    }

    Batch toBatch(long timestampMillis) {
        var builder = new RecordBatchBuilder(MAX_BYTES).baseOffset(baseOffset).leaderEpoch(epoch);
        for (var record : records) {
            if (!builder.append(timestampMillis, null, record)) {
                throw new IllegalArgumentException("entry of " + records.size() + " metadata records at offset "
                        + baseOffset + " refused: it has more than " + MAX_BYTES + " bytes");
            }
        }
        return new Batch(builder.build(), baseOffset, offset(), epoch, timestampMillis);
    }

    /** Reads a batch from a buffer that stays as it is. */
    static Entry fromBatch(RecordBatch batch) {
        var values = new ArrayList<ByteBuffer>();
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var value = records.next().value();
                if (value == null) {
                    throw new StorageException.Corrupt(
                            "metadata record " + values.size() + " of the batch at offset " + batch.baseOffset()
                                    + " has no value",
                            null);
                }
                values.add(value);
            }
        }
        return new Entry(batch.baseOffset(), batch.partitionLeaderEpoch(), List.copyOf(values));
    }
}
