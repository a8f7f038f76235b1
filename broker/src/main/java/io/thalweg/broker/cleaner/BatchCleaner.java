package io.thalweg.broker.cleaner;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a batch what is out of date: records whose key has a later one, tombstones that have been seen for long enough, records
 * without a key. Pure.
 *
 * <ul>
 *   <li>A tombstone stays until the delete horizon that is noted in its batch when it is first cleaned (KIP-534).
 *   <li>A batch is kept without records if it is the last of its producer, whose sequence numbers would be lost with it, or ends the
 *       range that is written anew, so that the log shows no gap there.
 *   <li>Markers of transactions stay. Records of transactions go when a later record outside of any has their key; whether a
 *       transaction was committed is not looked into, so they take nothing away themselves.
 * </ul>
 */
final class BatchCleaner {

    private final CleaningRules rules;

    BatchCleaner(CleaningRules rules) {
        this.rules = rules;
    }

    /** The bytes that stay of a batch, the batch's own if all do; null if nothing does. The range ends before {@code rangeEnd}. */
    @Nullable ByteBuffer clean(RecordBatch batch, long rangeEnd) {
        if (batch.isControl() || batch.lastOffset() >= rules.knownEnd()) {
            return batch.bytes();
        }
        var kept = kept(batch);
        if (kept.isEmpty() && !mustStay(batch, rangeEnd)) {
            return null;
        }
        var needsHorizon = !batch.hasDeleteHorizon() && !batch.isTransactional() && hasTombstone(kept);
        if (kept.size() == batch.recordsCount() && !needsHorizon) {
            return batch.bytes();
        }
        return rebuilt(batch, kept, needsHorizon);
    }

    private boolean mustStay(RecordBatch batch, long rangeEnd) {
        return batch.nextOffset() == rangeEnd
                || (batch.hasProducerId()
                        && rules.producerOffsets().getOrDefault(batch.producerId(), -1L) == batch.lastOffset());
    }

    private List<RecordView> kept(RecordBatch batch) {
        var mayDropTombstones = batch.hasDeleteHorizon() && rules.nowMillis() >= batch.baseTimestamp();
        var kept = new ArrayList<RecordView>();
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var record = records.next();
                var key = record.key();
                var isLatest = key != null && rules.offsets().offset(key) <= record.offset();
                if (isLatest && (record.value() != null || !mayDropTombstones)) {
                    kept.add(record);
                }
            }
        }
        return kept;
    }

    private static boolean hasTombstone(List<RecordView> records) {
        return records.stream().anyMatch(record -> record.value() == null);
    }

    private ByteBuffer rebuilt(RecordBatch batch, List<RecordView> kept, boolean needsHorizon) {
        var builder = new RecordBatchBuilder(Integer.MAX_VALUE - Long.BYTES).inPlaceOf(batch);
        if (needsHorizon) {
            builder.deleteHorizon(saturatedSum(rules.nowMillis(), rules.deleteRetentionMillis()));
        }
        for (var record : kept) {
            builder.appendAt(record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
        }
        return builder.build();
    }

    private static long saturatedSum(long a, long b) {
        var sum = a + b;
        return sum < a ? Long.MAX_VALUE : sum;
    }
}
