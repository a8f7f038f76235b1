package io.thalweg.broker.cleaner;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * One cleaning of one log. Its steps run one after the other on workers; memory is bounded by the offset map and the batches of one read.
 *
 * <p>If the map does not take all keys of the dirty part, the cleaning goes as far as they reach, and another one follows. Groups of
 * segments are replaced from the start on, each by itself, and how far that has come is noted: after a crash in between the next
 * cleaning learns the same keys and goes on there.
 */
final class Cleaning {

    private final CleaningPlan plan;
    private final CleanerResources resources;
    private final Notes notes;
    private final Set<Long> rememberedBatches;
    private final long nowMillis;
    private final SegmentedLog log;
    private final OffsetMap offsets;
    private final long learnFrom;
    private long knownEnd;
    private boolean isMapFull;
    private long bytesBefore;
    private long bytesAfter;

    /**
     * A cleaning that has not begun.
     *
     * @param notes are given how far it has come
     * @param rememberedBatches those that the partition tells duplicates by, each as its last offset
     * @param nowMillis the time, epoch milliseconds
     */
    Cleaning(CleaningPlan plan, CleanerResources resources, Notes notes, Set<Long> rememberedBatches, long nowMillis) {
        this.plan = plan;
        this.resources = resources;
        this.notes = notes;
        this.rememberedBatches = rememberedBatches;
        this.nowMillis = nowMillis;
        this.log = plan.target().log();
        this.learnFrom = Math.max(plan.firstDirty(), plan.progress().rewrittenUpTo());
        this.offsets = resources.newMap(plan.end() - learnFrom);
        this.knownEnd = learnFrom;
    }

    /** What a cleaning does to the log, and where it is kept how far it has come. */
    interface Notes {

        /** Fails where somebody may have cut the log since it was found: what was learned would be about batches that are gone. */
        CompletionStage<Void> finish(SegmentedLog.Replacement replacement);

        CompletionStage<Void> save(CleanerProgress progress);
    }

    /**
     * What a cleaning has done.
     *
     * @param cleanedUpTo everything below is clean
     * @param bytesBefore the bytes of the segments it went over
     * @param bytesAfter what is left of them
     */
    record Result(long cleanedUpTo, long bytesBefore, long bytesAfter) {}

    /** Completes when the log is clean up to where the keys are known. */
    CompletionStage<Result> run() {
        return resources
                .reading(log)
                .over(learnFrom, plan.end(), this::learn)
                .thenApply(nothing -> known())
                .thenCompose(rules -> rewriteAll(groups(), 0, new BatchCleaner(rules)))
                .thenCompose(nothing -> notes.save(CleanerProgress.at(knownEnd)))
                .thenApply(nothing -> new Result(knownEnd, bytesBefore, bytesAfter));
    }

    private CompletionStage<Boolean> learn(List<RecordBatch> batches) {
        var bytes = 0L;
        for (var batch : batches) {
            isMapFull = !learn(batch);
            if (isMapFull) {
                return CompletableFuture.completedStage(false);
            }
            knownEnd = batch.nextOffset();
            bytes += batch.sizeInBytes();
        }
        return resources.throttle().pass(bytes).thenApply(nothing -> resources.checkWorking());
    }

    /** False if the map has no room for all keys of the batch. */
    private boolean learn(RecordBatch batch) {
        if (batch.isControl() || batch.isTransactional()) {
            return true;
        }
        // The log may start inside the batch.
        if (Math.min(batch.recordsCount(), batch.nextOffset() - learnFrom) > offsets.room()) {
            if (knownEnd == learnFrom) {
                throw new IllegalStateException(batch + " has more keys than the " + offsets.maxKeys()
                        + " that log.cleaner.dedupe.buffer.size has room for");
            }
            return false;
        }
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var record = records.next();
                if (record.key() != null && record.offset() >= learnFrom) {
                    offsets.put(record.key(), record.offset());
                }
            }
        }
        return true;
    }

    private CleaningRules known() {
        if (!isMapFull) {
            // Above the last batch there may be a gap.
            knownEnd = plan.end();
        }
        return new CleaningRules(
                offsets, knownEnd, nowMillis, plan.target().config().deleteRetentionMillis(), rememberedBatches);
    }

    private List<List<LogSegment>> groups() {
        // Where the map has less room than it had, what was gone over is clean for other keys than are known now.
        var from = isMapFull ? 0 : plan.progress().rewrittenUpTo();
        return plan.groups(from, knownEnd);
    }

    private CompletionStage<Void> rewriteAll(List<List<LogSegment>> groups, int index, BatchCleaner cleaner) {
        if (index == groups.size()) {
            return CompletableFuture.completedStage(null);
        }
        var group = groups.get(index);
        var isLast = index + 1 == groups.size();
        return rewrite(group, cleaner)
                .thenCompose(nothing -> isLast ? CompletableFuture.completedStage(null) : notes.save(upTo(group)))
                .thenCompose(nothing -> rewriteAll(groups, index + 1, cleaner));
    }

    private CleanerProgress upTo(List<LogSegment> group) {
        return new CleanerProgress(plan.firstDirty(), knownEnd, endOf(group));
    }

    private static long endOf(List<LogSegment> group) {
        return group.get(group.size() - 1).endOffset();
    }

    private CompletionStage<Void> rewrite(List<LogSegment> group, BatchCleaner cleaner) {
        var first = group.get(0).baseOffset();
        var end = endOf(group);
        var from = Math.max(first, log.offsets().start());
        var rewriting = new Rewriting(cleaner, end, begin(first, end));
        return resources
                .reading(log)
                .over(from, end, rewriting::clean)
                .thenCompose(nothing -> rewriting.finish(group.size() > 1))
                .whenComplete((nothing, failure) -> rewriting.replacement.close());
    }

    private SegmentedLog.Replacement begin(long first, long end) {
        try {
            return log.replace(first, end);
        } catch (IllegalArgumentException e) {
            throw new StorageException.Busy("segments " + first + " to " + end + " of "
                    + plan.target().partition() + " are no longer as they were: " + e.getMessage());
        }
    }

    /** A group of segments that is written anew. */
    private final class Rewriting {

        private final BatchCleaner cleaner;
        private final long end;
        private final SegmentedLog.Replacement replacement;
        private boolean isChanged;

        Rewriting(BatchCleaner cleaner, long end, SegmentedLog.Replacement replacement) {
            this.cleaner = cleaner;
            this.end = end;
            this.replacement = replacement;
        }

        CompletionStage<Boolean> clean(List<RecordBatch> batches) {
            var kept = new ArrayList<Batch>();
            var bytes = 0L;
            for (var batch : batches) {
                var before = batch.sizeInBytes();
                var left = cleaner.clean(batch, end);
                var after = left == null ? 0 : left.remaining();
                isChanged |= left == null || !left.equals(batch.bytes());
                bytesBefore += before;
                bytesAfter += after;
                bytes += before + after;
                if (left != null) {
                    kept.add(toBatch(left));
                }
            }
            var passed = resources.throttle().pass(bytes);
            return replacement
                    .append(kept)
                    .thenCompose(nothing -> passed)
                    .thenApply(nothing -> resources.checkWorking());
        }

        private static Batch toBatch(ByteBuffer bytes) {
            var batch = RecordBatch.at(bytes, bytes.position());
            return new Batch(
                    bytes, batch.baseOffset(), batch.lastOffset(), batch.partitionLeaderEpoch(), batch.maxTimestamp());
        }

        /** One segment that stays as it is need not be replaced. */
        CompletionStage<Void> finish(boolean isSeveral) {
            return isChanged || isSeveral ? notes.finish(replacement) : CompletableFuture.completedStage(null);
        }
    }
}
