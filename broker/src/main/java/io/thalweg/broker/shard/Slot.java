package io.thalweg.broker.shard;

import io.thalweg.broker.partition.AppendGroup;
import org.jspecify.annotations.Nullable;

/**
 * One place of the ring: appends or a task, never both. Owned by the publisher until published, then by the shard, which clears it in
 * its turn so that nothing outlives it here.
 */
final class Slot {

    private @Nullable AppendGroup appends;
    private @Nullable Runnable task;

    static void fillWithAppends(Slot slot, long sequence, AppendGroup group) {
        slot.appends = group;
    }

    static void fillWithTask(Slot slot, long sequence, Runnable work) {
        slot.task = work;
    }

    @Nullable AppendGroup appends() {
        return appends;
    }

    @Nullable Runnable task() {
        return task;
    }

    void clear() {
        appends = null;
        task = null;
    }
}
