package io.thalweg.broker.replication;

import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Derives the high watermark from what each replica has acknowledged: the lowest acknowledged offset of the in-sync replicas, the
 * leader's own durable offset included. Owned by the shard.
 *
 * <p>It never goes back, and it stands still while fewer replicas are in sync than {@code min.insync.replicas} asks for.
 */
public final class HighWatermark {

    private final Map<Integer, Long> acknowledgedOffsets = new TreeMap<>();
    private final SortedSet<Integer> inSync;
    private long offset;

    /**
     * Begins at an offset that is known to be committed.
     *
     * @param inSync the ids of the in-sync replicas, the leader's among them
     */
    public HighWatermark(long offset, SortedSet<Integer> inSync) {
        this.offset = offset;
        this.inSync = new TreeSet<>(inSync);
    }

    /** Notes that a replica holds everything below {@code end} durably. */
    public void acknowledge(int replica, long end) {
        acknowledgedOffsets.merge(replica, end, Math::max);
    }

    /** Moves up as far as the acknowledgements allow; tells whether it moved. */
    public boolean advance(int minInsyncReplicas) {
        if (inSync.size() < minInsyncReplicas) {
            return false;
        }
        var lowest = Long.MAX_VALUE;
        for (var replica : inSync) {
            lowest = Math.min(lowest, acknowledgedOffsets.getOrDefault(replica, 0L));
        }
        if (lowest == Long.MAX_VALUE || lowest <= offset) {
            return false;
        }
        offset = lowest;
        return true;
    }

    public long offset() {
        return offset;
    }

    public int inSyncCount() {
        return inSync.size();
    }
}
