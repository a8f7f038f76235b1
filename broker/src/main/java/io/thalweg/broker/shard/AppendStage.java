package io.thalweg.broker.shard;

import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.partition.Replica;
import io.thalweg.broker.purgatory.Outbox;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.runtime.Clock;
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
    private final Clock clock;

    /** Those that groups are for. */
    private final Set<Replica> led = new LinkedHashSet<>();

    /** Those that were given something by other ways, as followers are. */
    private final Set<Replica> others = new LinkedHashSet<>();

    /** What came since the last flush, and shares what the next one costs. */
    private final List<AppendGroup> groups = new ArrayList<>();

    AppendStage(Outbox outbox, ShardListener listener, Clock clock) {
        this.outbox = outbox;
        this.listener = listener;
        this.clock = clock;
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
            led.add(leader);
        } catch (RuntimeException | Error e) {
            log.error("append to {} threw", append.partition(), e);
            append.refuse(ErrorCode.UNKNOWN_SERVER_ERROR, append.partition() + " could not take the batch", outbox);
        }
    }

    /** Something was staged in the replica by other ways. */
    void add(Replica replica) {
        others.add(replica);
    }

    boolean hasStaged() {
        return !led.isEmpty() || !others.isEmpty();
    }

    /** Gives each log what was collected for it; the result is the partitions that have something to commit. */
    List<Replica> flush() {
        if (!hasStaged()) {
            groups.clear();
            return List.of();
        }
        var dirty = new ArrayList<Replica>(led.size() + others.size());
        var beganNanos = clock.nanos();
        flush(led, dirty);
        var ledNanos = clock.nanos() - beganNanos;
        flush(others, dirty);
        share(ledNanos);
        listener.flushed(clock.nanos() - beganNanos);
        return dirty;
    }

    private static void flush(Set<Replica> staged, List<Replica> dirty) {
        for (var replica : staged) {
            if (flush(replica)) {
                dirty.add(replica);
            }
        }
        staged.clear();
    }

    /** Says of each group what part of the time was for its bytes; clients do not pay for what is replicated here. */
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
        } catch (RuntimeException | Error e) {
            log.error("{} goes offline: its log threw", replica, e);
            replica.close(ErrorCode.KAFKA_STORAGE_ERROR, "its log failed: " + e);
            return false;
        }
    }
}
