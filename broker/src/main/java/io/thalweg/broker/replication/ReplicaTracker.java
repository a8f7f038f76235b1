package io.thalweg.broker.replication;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Derives the high watermark and the ISR of a partition from what each replica has acknowledged. Owned by the shard that leads it.
 *
 * <p>The high watermark is the lowest acknowledged offset of the in-sync replicas, the leader's own durable offset included. It never
 * goes back, and it stands still while fewer replicas are in sync than {@code min.insync.replicas} asks for.
 *
 * <p>While a change of the ISR is under way the controller may or may not have made it, so that a replica counts that is in either.
 */
public final class ReplicaTracker {

    /** In place of an offset: the replica has not told yet. */
    private static final long UNKNOWN = -1;

    private final int leaderId;
    private final long epochStartOffset;
    private Progress[] replicas;
    private int partitionEpoch;
    private int inSyncCount;
    private long highWatermark;
    private @Nullable IsrChange underWay;
    private boolean isUndecided;

    /** What is known of one replica. */
    private static final class Progress {
        private final int id;
        private long acknowledgedOffset = UNKNOWN;
        private long brokerEpoch = UNKNOWN;
        private long caughtUpNanos;
        private long toldNanos;
        private long endWhenTold = Long.MAX_VALUE;
        private long joinsFromNanos;
        private boolean isInSync;
        private boolean isJoining;

        Progress(int id, long nowNanos) {
            this.id = id;
            this.caughtUpNanos = nowNanos;
            this.toldNanos = nowNanos;
            this.joinsFromNanos = nowNanos;
        }
    }

    /**
     * A leader that has heard of nobody yet; replicas in sync have time to be heard of.
     *
     * @param highWatermark an offset that is known to be committed
     * @param epochStartOffset where its epoch begins; whoever does not hold what lies before is not in sync
     */
    public ReplicaTracker(
            int leaderId, Assignment assignment, long highWatermark, long epochStartOffset, long nowNanos) {
        this.leaderId = leaderId;
        this.epochStartOffset = epochStartOffset;
        this.highWatermark = highWatermark;
        this.replicas = new Progress[0];
        assign(assignment, nowNanos);
    }

    /** Takes over what the controller decided, unless something later is known; ends a change that was under way. Tells which. */
    public boolean update(Assignment assignment, long nowNanos) {
        if (assignment.partitionEpoch() <= partitionEpoch) {
            return false;
        }
        assign(assignment, nowNanos);
        return true;
    }

    private void assign(Assignment assignment, long nowNanos) {
        partitionEpoch = assignment.partitionEpoch();
        var asked = underWay;
        underWay = null;
        isUndecided = false;
        var known = replicas;
        replicas = assignment.replicas().stream()
                .map(id -> find(known, id).orElseGet(() -> new Progress(id, nowNanos)))
                .toArray(Progress[]::new);
        inSyncCount = 0;
        for (var replica : replicas) {
            var staysInSync = assignment.inSync().contains(replica.id);
            if (replica.isInSync && !staysInSync && (asked == null || asked.has(replica.id))) {
                // Others know something of it that this leader does not: what it said before counts no more.
                replica.acknowledgedOffset = UNKNOWN;
            }
            replica.isJoining = false;
            replica.isInSync = staysInSync;
            inSyncCount += replica.isInSync ? 1 : 0;
        }
    }

    private static Optional<Progress> find(Progress[] replicas, int id) {
        return Arrays.stream(replicas).filter(replica -> replica.id == id).findFirst();
    }

    private @Nullable Progress find(int id) {
        for (var replica : replicas) {
            if (replica.id == id) {
                return replica;
            }
        }
        return null;
    }

    /** Everything below the offset is durable on the leader. */
    public void durable(long endOffset) {
        var leader = find(leaderId);
        if (leader != null) {
            leader.acknowledgedOffset = Math.max(leader.acknowledgedOffset, endOffset);
        }
    }

    /**
     * A follower holds everything below {@code endOffset} durably, as part of the leader's log; tells whether that is news.
     *
     * @param brokerEpoch of the life in which it says so
     * @param logEndOffset the leader's, now
     */
    public boolean acknowledge(int replicaId, long brokerEpoch, long endOffset, long logEndOffset, long nowNanos) {
        var replica = find(replicaId);
        if (replica == null || replicaId == leaderId || brokerEpoch < replica.brokerEpoch) {
            return false;
        }
        if (endOffset >= logEndOffset) {
            replica.caughtUpNanos = nowNanos;
        } else if (endOffset >= replica.endWhenTold) {
            replica.caughtUpNanos = replica.toldNanos;
        }
        replica.toldNanos = nowNanos;
        replica.endWhenTold = logEndOffset;
        // A new life may have lost what an older one had, so that the offset may go back.
        var isNews = replica.acknowledgedOffset != endOffset || replica.brokerEpoch != brokerEpoch;
        replica.acknowledgedOffset = endOffset;
        replica.brokerEpoch = brokerEpoch;
        return isNews;
    }

    /** Whether anybody but the leader holds the partition. */
    public boolean hasFollowers() {
        return replicas.length > 1;
    }

    /** The log has grown: whoever had all of it until now was caught up until now. */
    public void appended(long previousEndOffset, long nowNanos) {
        for (var replica : replicas) {
            if (replica.acknowledgedOffset >= previousEndOffset) {
                replica.caughtUpNanos = nowNanos;
            }
        }
    }

    /** Moves the high watermark up as far as the acknowledgements allow; tells whether it moved. */
    public boolean advance(int minInsyncReplicas) {
        if (inSyncCount < minInsyncReplicas) {
            return false;
        }
        var lowest = Long.MAX_VALUE;
        for (var replica : replicas) {
            if (counts(replica)) {
                lowest = Math.min(lowest, replica.acknowledgedOffset);
            }
        }
        if (lowest == Long.MAX_VALUE || lowest <= highWatermark) {
            return false;
        }
        highWatermark = lowest;
        return true;
    }

    private boolean counts(Progress replica) {
        return replica.isInSync || replica.isJoining || replica.id == leaderId;
    }

    public long highWatermark() {
        return highWatermark;
    }

    /** Whose acknowledgements the high watermark waits for. */
    public MaximalIsr maximalIsr(int minInsyncReplicas) {
        var counted = Arrays.stream(replicas)
                .filter(this::counts)
                .map(replica -> replica.id)
                .toList();
        return new MaximalIsr(counted, partitionEpoch, inSyncCount >= minInsyncReplicas);
    }

    /** How many replicas are in sync, as far as the controller is known to have decided. */
    public int inSyncCount() {
        return inSyncCount;
    }

    /** Those that are. */
    public List<Integer> inSync() {
        return Arrays.stream(replicas)
                .filter(replica -> replica.isInSync)
                .map(replica -> replica.id)
                .toList();
    }

    /** How many brokers hold the partition. */
    public int count() {
        return replicas.length;
    }

    /**
     * The ISR as it should be, if that is another than it is and no change is under way; it is from then on. A change of which it is not
     * known what became is proposed again.
     *
     * @param lagNanos how long a replica may be behind and stay in sync
     */
    public Optional<IsrChange> propose(long logEndOffset, long nowNanos, long lagNanos) {
        if (underWay != null) {
            var again = isUndecided ? Optional.of(underWay) : Optional.<IsrChange>empty();
            isUndecided = false;
            return again;
        }
        var isOther = false;
        for (var replica : replicas) {
            isOther |= isWanted(replica, logEndOffset, nowNanos, lagNanos) != replica.isInSync;
        }
        return isOther ? Optional.of(begin(logEndOffset, nowNanos, lagNanos)) : Optional.empty();
    }

    private IsrChange begin(long logEndOffset, long nowNanos, long lagNanos) {
        List<IsrChange.Member> wanted = new ArrayList<>(replicas.length);
        for (var replica : replicas) {
            if (isWanted(replica, logEndOffset, nowNanos, lagNanos)) {
                replica.isJoining = !replica.isInSync;
                wanted.add(new IsrChange.Member(replica.id, replica.brokerEpoch));
            }
        }
        var change = new IsrChange(wanted, partitionEpoch);
        underWay = change;
        return change;
    }

    private boolean isWanted(Progress replica, long logEndOffset, long nowNanos, long lagNanos) {
        if (replica.id == leaderId) {
            return true;
        }
        var isCurrent = replica.acknowledgedOffset >= logEndOffset || nowNanos - replica.caughtUpNanos <= lagNanos;
        if (replica.isInSync || !isCurrent) {
            return isCurrent;
        }
        return replica.acknowledgedOffset >= Math.max(highWatermark, epochStartOffset)
                && nowNanos - replica.toldNanos <= lagNanos
                && nowNanos - replica.joinsFromNanos >= 0;
    }

    /** The controller is known not to have made the change; who would have joined is not proposed again for a while. */
    public void refused(IsrChange change, long nowNanos, long restNanos) {
        if (!change.equals(underWay)) {
            return;
        }
        underWay = null;
        isUndecided = false;
        for (var replica : replicas) {
            if (replica.isJoining) {
                replica.isJoining = false;
                replica.joinsFromNanos = nowNanos + restNanos;
            }
        }
    }

    /** It is not known whether the controller has made the change. */
    public void undecided(IsrChange change) {
        isUndecided = change.equals(underWay);
    }
}
