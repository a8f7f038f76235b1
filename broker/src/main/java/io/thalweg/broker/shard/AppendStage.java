package io.thalweg.broker.shard;

import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.protocol.ErrorCode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The first stage: checks each batch, gives it its offsets and, at the end of the turn, each log what is for it. Owned by the shard. */
final class AppendStage {

    private static final Logger log = LoggerFactory.getLogger(AppendStage.class);

    private final Outbox outbox;
    private final ShardListener listener;
    private final Set<Replica> staged = new LinkedHashSet<>();

    /** What came since the last flush, and shares what the next one costs. */
    private final List<AppendGroup> groups = new ArrayList<>();

    AppendStage(Outbox outbox, ShardListener listener) {
        this.outbox = outbox;
        this.listener = listener;
    }

    void take(AppendGroup group) {
        groups.add(group);
        group.appends().forEach(this::take);
    }

    private void take(PendingAppend append) {
        var leader = append.partition().leader();
        if (leader == null) {
            append.refuse(append.partition().unavailable(), append.partition() + " has no log here", outbox);
            return;
        }
        try {
            leader.append(append);
            staged.add(leader);
        } catch (RuntimeException | AssertionError e) {
            log.error("append to {} threw", append.partition(), e);
            append.refuse(ErrorCode.UNKNOWN_SERVER_ERROR, append.partition() + " could not take the batch", outbox);
        }
    }

    /** Something was staged in the replica by other ways. */
    void add(Replica replica) {
        staged.add(replica);
    }

    boolean hasStaged() {
        return !staged.isEmpty();
    }

    /** Gives each log what was collected for it; the result is the partitions that have something to commit. */
    List<Replica> flush() {
        if (staged.isEmpty()) {
            groups.clear();
            return List.of();
        }
        var dirty = new ArrayList<Replica>(staged.size());
        listener.flushBegan();
        for (var replica : staged) {
            if (flush(replica)) {
                dirty.add(replica);
            }
        }
        share(listener.flushEnded());
        staged.clear();
        return dirty;
    }

    /** Says of each group what part of the time was for its bytes. */
    private void share(long nanos) {
        var bytes = 0L;
        for (var group : groups) {
            bytes += group.byteCount();
        }
        for (var group : groups) {
            group.workedFor((long) ((double) nanos * group.byteCount() / bytes));
        }
        groups.clear();
    }

    /** A log that fails in a way it may not takes its own partition out of use, not the shard. */
    private static boolean flush(Replica replica) {
        try {
            return replica.flush();
        } catch (RuntimeException | AssertionError e) {
            log.error("{} goes offline: its log threw", replica, e);
            replica.close(ErrorCode.KAFKA_STORAGE_ERROR, "its log failed: " + e);
            return false;
        }
    }
}
