package io.thalweg.broker.partition;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

/**
 * The log of one replica and what the core derives from it, whoever leads: the next offset, leader epochs, producers, the high watermark.
 * Owned by the shard.
 */
public final class ReplicaLog {

    private final Partition published;
    private final PartitionLog log;
    private ProducerStates producers;
    private EpochHistory epochs;
    private long nextOffset;
    private long highWatermark;
    private long unsavedBytes;

    /** Completes with a log and what its checkpoints and batches tell; runs on the engine's threads. */
    public static CompletionStage<RestoredLog> restore(PartitionLog opened, Checkpoints checkpoints) {
        return LogRestore.of(opened, checkpoints);
    }

    /** What a log that was just opened tells. */
    public ReplicaLog(Partition published, RestoredLog restored) {
        this.published = published;
        this.log = restored.log();
        this.producers = restored.producers();
        this.epochs = restored.epochs();
        var offsets = log.offsets();
        this.nextOffset = offsets.end();
        // A log may be opened again in the epoch in which it was given up: what was told before is true still.
        this.highWatermark = Math.max(offsets.start(), Math.min(published.highWatermark(), offsets.end()));
    }

    public Partition published() {
        return published;
    }

    public PartitionLog log() {
        return log;
    }

    ProducerStates producers() {
        return producers;
    }

    /** The producers it remembers; between turns. */
    public List<ActiveProducer> activeProducers() {
        return producers.active();
    }

    EpochHistory epochs() {
        return epochs;
    }

    /** The offset of the next record; what is staged counts. */
    long nextOffset() {
        return nextOffset;
    }

    /** Everything below it is committed, as far as is known here. */
    long highWatermark() {
        return highWatermark;
    }

    /** Tells everyone the bounds, the epochs and the high watermark, in this order. */
    void publishAll() {
        var offsets = log.offsets();
        published.publishBounds(offsets.start(), offsets.end());
        published.publishEpochs(epochs);
        published.publishHighWatermark(highWatermark);
        publishStable();
    }

    /** Those who read up to the last stable offset have to know what was aborted below it. */
    private void publishStable() {
        var transactions = producers.transactions();
        published.publishAborted(transactions.aborted());
        published.publishLastStableOffset(
                Math.max(published.logStartOffset(), transactions.lastStableOffset(highWatermark)));
    }

    /** What is written from now on belongs to this epoch. */
    void beginEpoch(int leaderEpoch) {
        epochs = epochs.with(leaderEpoch, nextOffset);
    }

    /** What is in the log and belongs to no epoch known yet begins one. */
    void noteEpochs(List<Batch> batches) {
        var isOther = false;
        for (var batch : batches) {
            if (batch.leaderEpoch() > epochs.latestEpoch()) {
                epochs = epochs.with(batch.leaderEpoch(), batch.baseOffset());
                isOther = true;
            }
        }
        if (isOther) {
            published.publishEpochs(epochs);
        }
    }

    /** Forgets an epoch under which nothing was written. */
    void dropEmptyEpoch() {
        epochs = epochs.below(nextOffset);
    }

    /** The epoch of the last record, -1 if there is none. */
    int lastEpoch() {
        return nextOffset > published.logStartOffset() ? epochs.epochAt(nextOffset - 1) : -1;
    }

    /** The batch that was staged ends here. */
    void stagedUpTo(long endOffset) {
        nextOffset = endOffset;
    }

    /**
     * Puts what was staged into the log.
     *
     * @throws StorageException when the log took none of it; what was noted of it is undone
     */
    void append(List<Batch> batches, long bytes) {
        try {
            log.append(batches);
        } catch (StorageException e) {
            undoStaged();
            throw e;
        }
        producers.keep();
        published.publishBounds(published.logStartOffset(), nextOffset);
        unsavedBytes += bytes;
    }

    /** What was staged and is not in the log never was. Asks the log nothing, which may be what has failed. */
    void undoStaged() {
        producers.undo();
        nextOffset = published.logEndOffset();
    }

    void raiseHighWatermark(long offset) {
        highWatermark = offset;
        // First: readers take the bounds in the other order, and wait for the high watermark to rise.
        publishStable();
        published.publishHighWatermark(offset);
    }

    /** The log was cut; this is what its content tells now. */
    void restored(RestoredLog restored) {
        producers = restored.producers();
        epochs = restored.epochs();
        var offsets = log.offsets();
        nextOffset = offsets.end();
        highWatermark = Math.max(offsets.start(), Math.min(highWatermark, nextOffset));
        publishAll();
    }

    /** Tells whether the log start has moved up. */
    boolean startAdvanced(long startOffset) {
        if (startOffset <= published.logStartOffset()) {
            return false;
        }
        epochs = epochs.from(startOffset);
        producers.transactions().startAdvanced(startOffset);
        published.publishEpochs(epochs);
        published.publishBounds(startOffset, published.logEndOffset());
        publishStable();
        return true;
    }

    /** The batches that duplicates are told by, each as its last offset; between turns, when nothing is staged. */
    public Set<Long> rememberedBatches() {
        return producers.entries().values().stream()
                .flatMap(entry -> entry.batches().stream())
                .map(ProducerEntry.Sequenced::lastOffset)
                .collect(Collectors.toSet());
    }

    /** Forgets producers that wrote nothing since the given time, epoch milliseconds. */
    public void expireProducers(long olderThanMillis) {
        producers.expire(olderThanMillis);
    }

    /** How many bytes were appended since the state was last taken to be saved, or since the log was opened. */
    public long unsavedBytes() {
        return unsavedBytes;
    }

    /** What has to outlive a restart; between turns, when nothing is staged. */
    public PartitionState stateToSave() {
        unsavedBytes = 0;
        return new PartitionState(nextOffset, producers, epochs);
    }

    @Override
    public String toString() {
        return published.toString();
    }
}
