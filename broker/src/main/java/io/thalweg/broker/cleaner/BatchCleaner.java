package io.thalweg.broker.cleaner;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.protocol.record.RecordView;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a batch what is out of date: records whose key has a later one, tombstones that have been seen for long enough, records
 * without a key. Goes through the batches of one log in their order; confined to that.
 *
 * <ul>
 *   <li>A tombstone stays until the delete horizon that is noted in its batch when it is first cleaned (KIP-534).
 *   <li>A batch is kept without records if it is one of the last of its producer, which may send it again as long as no answer has reached
 *       it: whoever has the log from here tells the duplicate by it. So is the batch that ends the range that is written anew, so that the
 *       log shows no gap there, and the first of its leader epoch or of the log: whoever reads the log finds out from it where the epoch
 *       began, and would else keep what it wrote past that under an earlier one.
 *   <li>Markers of transactions stay. Records of transactions go when a later record outside of any has their key; whether a
 *       transaction was committed is not looked into, so they take nothing away themselves.
 * </ul>
 */
final class BatchCleaner {

    private static final int NO_EPOCH = Integer.MIN_VALUE;

    private final CleaningRules rules;
    private int lastEpoch = NO_EPOCH;

    BatchCleaner(CleaningRules rules) {
        this.rules = rules;
    }

    /** The bytes that stay of a batch, the batch's own if all do; null if nothing does. The range ends before {@code rangeEnd}. */
    @Nullable ByteBuffer clean(RecordBatch batch, long rangeEnd) {
        // The first batch of the log as well: all of the epoch before may have gone.
        var beginsEpoch = batch.partitionLeaderEpoch() != lastEpoch;
        lastEpoch = batch.partitionLeaderEpoch();
        if (batch.isControl() || batch.lastOffset() >= rules.knownEnd()) {
            return batch.bytes();
        }
        var kept = kept(batch);
        if (kept.count() == 0 && !beginsEpoch && !mustStay(batch, rangeEnd)) {
            return null;
        }
        var needsHorizon = kept.hasTombstone() && !batch.hasDeleteHorizon() && !batch.isTransactional();
        if (kept.count() == batch.recordsCount() && !needsHorizon) {
            return batch.bytes();
        }
        return rebuilt(batch, needsHorizon);
    }

    private boolean mustStay(RecordBatch batch, long rangeEnd) {
        return batch.nextOffset() == rangeEnd || rules.rememberedBatches().contains(batch.lastOffset());
    }

    /** What stays of a batch. */
    private record Kept(int count, boolean hasTombstone) {}

    /** Decompressed records may be far more than the batch, so they are gone through twice and not kept in memory. */
    private Kept kept(RecordBatch batch) {
        var count = 0;
        var hasTombstone = false;
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var record = records.next();
                if (stays(record, batch)) {
                    count++;
                    hasTombstone |= record.value() == null;
                }
            }
        }
        return new Kept(count, hasTombstone);
    }

    private boolean stays(RecordView record, RecordBatch batch) {
        var key = record.key();
        var isLatest = key != null && rules.offsets().offset(key) <= record.offset();
        var mayDropTombstone = batch.hasDeleteHorizon() && rules.nowMillis() >= batch.baseTimestamp();
        return isLatest && (record.value() != null || !mayDropTombstone);
    }

    private ByteBuffer rebuilt(RecordBatch batch, boolean needsHorizon) {
        var builder = new RecordBatchBuilder(Integer.MAX_VALUE - Long.BYTES).inPlaceOf(batch);
        if (needsHorizon) {
            builder.deleteHorizon(saturatedSum(rules.nowMillis(), rules.deleteRetentionMillis()));
        }
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var record = records.next();
                if (stays(record, batch)) {
                    builder.appendAt(
                            record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
                }
            }
        }
        return builder.build();
    }

    private static long saturatedSum(long a, long b) {
        var sum = a + b;
        return sum < a ? Long.MAX_VALUE : sum;
    }
}
