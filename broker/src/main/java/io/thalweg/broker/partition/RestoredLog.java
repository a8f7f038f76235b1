package io.thalweg.broker.partition;

import io.thalweg.spi.storage.PartitionLog;

/** An open log with what the core knows of its content. */
public final class RestoredLog {

    private final PartitionLog log;
    private final ProducerStates producers;
    private final EpochHistory epochs;

    RestoredLog(PartitionLog log, ProducerStates producers, EpochHistory epochs) {
        this.log = log;
        this.producers = producers;
        this.epochs = epochs;
    }

    PartitionLog log() {
        return log;
    }

    ProducerStates producers() {
        return producers;
    }

    EpochHistory epochs() {
        return epochs;
    }
}
