package io.thalweg.broker.partition;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * What the core derives from a log and keeps as checkpoints, so that a restart need not read the whole log. Immutable.
 */
public final class PartitionState {

    static final String PRODUCERS = "snapshot";
    static final String EPOCHS = "leader-epochs";

    private final long offset;
    private final Map<Long, ProducerEntry> producers;
    private final EpochHistory epochs;

    /** Covers everything below the offset. */
    PartitionState(long offset, Map<Long, ProducerEntry> producers, EpochHistory epochs) {
        this.offset = offset;
        this.producers = new LinkedHashMap<>(producers);
        this.epochs = epochs;
    }

    /** Completes once the state is durable. */
    public CompletionStage<Void> save(Checkpoints checkpoints) {
        return checkpoints
                .save(new Checkpoint(EPOCHS, offset, EpochCheckpoint.write(epochs)))
                .thenCompose(nothing ->
                        checkpoints.save(new Checkpoint(PRODUCERS, offset, ProducerCheckpoint.write(producers))));
    }
}
