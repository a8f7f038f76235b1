package io.thalweg.broker.metrics;

import io.micrometer.core.instrument.Counter;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.coordinator.metadata.PartitionImage;
import java.util.function.Consumer;

/** Counts what changes about partitions that were there before. Owned by the controller's event loop. */
final class ChangeMeters implements Consumer<MetadataDelta> {

    private final int brokerId;
    private final Counter shrinks;
    private final Counter expands;
    private final Counter leaderChanges;

    ChangeMeters(MeterSet meters, int brokerId) {
        this.brokerId = brokerId;
        this.shrinks = meters.counter(
                "thalweg.partitions.isr.shrinks", "Replicas went out of sync, of partitions this broker leads");
        this.expands = meters.counter(
                "thalweg.partitions.isr.expands", "Replicas came into sync, of partitions this broker leads");
        this.leaderChanges =
                meters.counter("thalweg.cluster.leader.changes", "Partitions of the cluster that got another leader");
    }

    @Override
    public void accept(MetadataDelta delta) {
        delta.topics()
                .partitions()
                .forEach(change -> change.previous().ifPresent(before -> count(before, change.after())));
    }

    private void count(PartitionImage before, PartitionImage after) {
        if (after.leader() == brokerId) {
            count(shrinks, !after.isr().containsAll(before.isr()));
            count(expands, !before.isr().containsAll(after.isr()));
        }
        count(leaderChanges, after.hasLeader() && after.leader() != before.leader());
    }

    private static void count(Counter counter, boolean isSo) {
        if (isSo) {
            counter.increment();
        }
    }
}
