package io.thalweg.broker.partition;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Restores what the core knows of a log: from the newest checkpoints at or below its end, then from the batches after them.
 *
 * <p>One call at a time uses an instance; the reads run on the threads on which the engine completes them.
 */
final class LogRestore {

    private static final int READ_BYTES = 1 << 20;

    private final PartitionLog log;
    private final ProducerStates producers = new ProducerStates();
    private EpochHistory epochs = EpochHistory.EMPTY;

    private LogRestore(PartitionLog log) {
        this.log = log;
    }

    /** Completes with the log and its state. */
    static CompletionStage<RestoredLog> of(PartitionLog log, Checkpoints checkpoints) {
        var offsets = log.offsets();
        if (offsets.end() == 0) {
            return checkpoints
                    .removeAbove(0)
                    .thenApply(nothing -> new RestoredLog(log, new ProducerStates(), EpochHistory.EMPTY));
        }
        var restore = new LogRestore(log);
        // A checkpoint of batches that a crash took would be believed as soon as others have their offsets.
        return checkpoints
                .removeAbove(offsets.end())
                .thenCompose(nothing -> checkpoints.latest(PartitionState.PRODUCERS, offsets.end()))
                .thenCombine(
                        checkpoints.latest(PartitionState.EPOCHS, offsets.end()),
                        (producers, epochs) -> restore.load(producers, epochs, offsets))
                .thenCompose(from -> restore.replay(Math.max(from, offsets.start()), offsets.end()))
                .thenApply(nothing -> restore.finish(offsets.start()));
    }

    private long load(Optional<Checkpoint> producerNote, Optional<Checkpoint> epochNote, LogOffsets offsets) {
        var known = producerNote.flatMap(note -> ProducerCheckpoint.read(note.bytes()));
        var history = epochNote.flatMap(note -> EpochCheckpoint.read(note.bytes()));
        if (producerNote.isEmpty() || epochNote.isEmpty() || known.isEmpty() || history.isEmpty()) {
            return 0;
        }
        // Where batches after the checkpoint are gone, what producers did last may have gone with them: who is unknown
        // may go on with any sequence, who is known by an older one could never.
        if (producerNote.get().offset() >= offsets.start()) {
            known.get().forEach(producers::restore);
        }
        epochs = history.get().below(offsets.end());
        return Math.min(producerNote.get().offset(), epochNote.get().offset());
    }

    private CompletionStage<Void> replay(long from, long end) {
        if (from >= end) {
            return CompletableFuture.completedFuture(null);
        }
        return log.read(from, end, READ_BYTES).thenCompose(slice -> replay(note(slice, from, end), end));
    }

    /** Notes the batches of a slice; gives the offset after them, the end if no batch comes before it. */
    private long note(LogSlice slice, long from, long end) {
        var next = from;
        for (var batch : RecordBatches.in(LogCalls.copyOf(slice))) {
            note(batch);
            next = batch.nextOffset();
        }
        return next == from ? end : next;
    }

    private void note(RecordBatch batch) {
        epochs = epochs.with(batch.partitionLeaderEpoch(), batch.baseOffset());
        if (batch.producerId() != RecordBatch.NO_PRODUCER_ID && !batch.isControl()) {
            producers.note(batch);
        }
    }

    private RestoredLog finish(long startOffset) {
        producers.keep();
        return new RestoredLog(log, producers, epochs.from(startOffset));
    }
}
