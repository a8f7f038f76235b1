package io.thalweg.broker.shard;

import com.lmax.disruptor.EventHandler;
import io.thalweg.broker.purgatory.Outbox;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a shard does with its ring, in order: each slot is appended or run; at the end of a batch of slots the logs get what was
 * collected, a commit begins, and whoever can be answered is. Owned by the shard.
 */
final class ShardLoop implements EventHandler<Slot> {

    private static final Logger log = LoggerFactory.getLogger(ShardLoop.class);

    private final AppendStage append;
    private final CommitStage commit;
    private final Outbox outbox;
    private final TaskQueue tasks;

    ShardLoop(AppendStage append, CommitStage commit, Outbox outbox, TaskQueue tasks) {
        this.append = append;
        this.commit = commit;
        this.outbox = outbox;
        this.tasks = tasks;
    }

    @Override
    public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
        try {
            take(slot);
        } finally {
            slot.clear();
        }
        if (endOfBatch) {
            endTurn(sequence);
        }
    }

    private void take(Slot slot) {
        var group = slot.appends();
        if (group != null) {
            append.take(group);
        }
        var task = slot.task();
        if (task != null) {
            run(task);
        }
    }

    /** Tasks that the turn itself brought, such as a commit that completed at once or an answer to the shard, belong to the turn. */
    private void endTurn(long sequence) {
        do {
            do {
                commit.begin(append.flush());
                tasks.drain(sequence, ShardLoop::run);
            } while (append.hasStaged() || tasks.hasOwn());
            outbox.flush();
        } while (tasks.hasOwn());
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            log.error("task of a shard threw", e);
        }
    }
}
