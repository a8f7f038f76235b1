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
                .thenCompose(nothing -> notes(checkpoints, offsets.end()))
                .thenApply(notes -> restore.load(notes, offsets))
                .thenCompose(from -> restore.replay(Math.max(from, offsets.start()), offsets.end()))
                .thenApply(nothing -> restore.finish(offsets.start()));
    }

    /** The newest checkpoints. That of transactions was saved before that of the producers, if there were any. */
    private record Notes(
            Optional<Checkpoint> producers, Optional<Checkpoint> epochs, Optional<Checkpoint> transactions) {}

    private static CompletionStage<Notes> notes(Checkpoints checkpoints, long end) {
        var producers = checkpoints.latest(PartitionState.PRODUCERS, end);
        var transactions = producers.thenCompose(note -> note.isEmpty()
                ? CompletableFuture.completedStage(Optional.<Checkpoint>empty())
                : checkpoints.latest(PartitionState.TRANSACTIONS, note.get().offset()));
        return producers
                .thenCombine(
                        checkpoints.latest(PartitionState.EPOCHS, end),
                        (producersFound, epochsFound) -> new Notes(producersFound, epochsFound, Optional.empty()))
                .thenCombine(transactions, (notes, found) -> new Notes(notes.producers, notes.epochs, found));
    }

    private long load(Notes notes, LogOffsets offsets) {
        var known = notes.producers.flatMap(note -> ProducerCheckpoint.read(note.bytes()));
        var history = notes.epochs.flatMap(note -> EpochCheckpoint.read(note.bytes()));
        if (known.isEmpty() || history.isEmpty()) {
            return 0;
        }
        var producersEnd = notes.producers.orElseThrow().offset();
        var aborted = notes.transactions.isEmpty()
                ? Optional.of(AbortedTransactions.NONE)
                : TransactionCheckpoint.read(notes.transactions.get().bytes(), producersEnd);
        if (aborted.isEmpty()) {
            return 0;
        }
        epochs = history.get().below(offsets.end());
        // Where batches after the checkpoint are gone, what producers did last may have gone with them: who is unknown
        // may go on with any sequence, who is known by an older one could never.
        if (producersEnd >= offsets.start()) {
            producers.restore(known.get(), aborted.get().from(offsets.start()));
        }
        return Math.min(producersEnd, notes.epochs.orElseThrow().offset());
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
        producers.note(batch);
    }

    private RestoredLog finish(long startOffset) {
        producers.keep();
        return new RestoredLog(log, producers, epochs.from(startOffset));
    }
}
