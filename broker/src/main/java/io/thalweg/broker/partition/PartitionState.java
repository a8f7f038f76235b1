package io.thalweg.broker.partition;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import java.util.LinkedHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * What the core derives from a log and keeps as checkpoints, so that a restart need not read the whole log. Immutable.
 */
public final class PartitionState {

    static final String PRODUCERS = "snapshot";
    static final String EPOCHS = "leader-epochs";

    /** Of aborted transactions; there is none while there are none. */
    static final String TRANSACTIONS = "txnindex";

    private final long offset;
    private final ProducerCheckpoint.Content producers;
    private final AbortedTransactions aborted;
    private final EpochHistory epochs;

    /** Covers everything below the offset. */
    PartitionState(long offset, ProducerStates producers, EpochHistory epochs) {
        this.offset = offset;
        this.producers = new ProducerCheckpoint.Content(
                new LinkedHashMap<>(producers.entries()),
                new LinkedHashMap<>(producers.transactions().starts()));
        this.aborted = producers.transactions().aborted();
        this.epochs = epochs;
    }

    /** Completes once the state is durable. That of producers comes last: it counts only with the others. */
    public CompletionStage<Void> save(Checkpoints checkpoints) {
        return checkpoints
                .save(new Checkpoint(EPOCHS, offset, EpochCheckpoint.write(epochs)))
                .thenCompose(nothing -> aborted.isEmpty()
                        ? CompletableFuture.completedStage(null)
                        : checkpoints.save(new Checkpoint(TRANSACTIONS, offset, TransactionCheckpoint.write(aborted))))
                .thenCompose(nothing ->
                        checkpoints.save(new Checkpoint(PRODUCERS, offset, ProducerCheckpoint.write(producers))));
    }
}
