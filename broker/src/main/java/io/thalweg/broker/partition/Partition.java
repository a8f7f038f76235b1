package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What anyone may know of one partition. Its shard writes, everyone reads; each value by itself is current or slightly old, and the
 * high watermark is published after the log end offset it lies below.
 */
public final class Partition {

    private final LogId id;
    private final int shardIndex;
    private final TopicTraffic traffic;
    private volatile @Nullable PartitionLog log;
    private volatile @Nullable PartitionLog followedLog;
    private volatile @Nullable LeaderPartition leader;
    private volatile ErrorCode unavailable = ErrorCode.NOT_LEADER_OR_FOLLOWER;
    private volatile int leaderEpoch;
    private volatile long logStartOffset;
    private volatile long logEndOffset;
    private volatile long highWatermark;
    private volatile long lastStableOffset;
    private volatile AbortedTransactions aborted = AbortedTransactions.NONE;
    private volatile EpochHistory epochs = EpochHistory.EMPTY;
    private volatile List<Integer> replicas = List.of();
    private volatile List<Integer> inSync = List.of();
    private volatile boolean isDamaged;
    private volatile boolean isAwaited;
    private volatile boolean isFull;

    /**
     * A partition that does not lead yet.
     *
     * @param traffic counts what goes in and out
     */
    public Partition(LogId id, int shardIndex, TopicTraffic traffic) {
        this.id = id;
        this.shardIndex = shardIndex;
        this.traffic = traffic;
    }

    public LogId id() {
        return id;
    }

    /** Which shard owns it. */
    public int shardIndex() {
        return shardIndex;
    }

    /** Counts what goes into and out of it. */
    public TopicTraffic traffic() {
        return traffic;
    }

    /** The log, while this broker leads the partition; null before it is open and after it is closed. */
    public @Nullable PartitionLog log() {
        return log;
    }

    /** The log, while another broker leads the partition; consumers may read it below the high watermark (KIP-392). */
    public @Nullable PartitionLog followedLog() {
        return followedLog;
    }

    /** The owner's side; only the shard touches it. Null as {@link #log()}. */
    public @Nullable LeaderPartition leader() {
        return leader;
    }

    /** Why there is no log: it is led elsewhere, or it should be here and cannot be used. */
    public ErrorCode unavailable() {
        return unavailable;
    }

    public boolean isLed() {
        return log != null;
    }

    /** Whether this broker should lead it and has no use of its log. */
    public boolean isOffline() {
        return log == null && unavailable == ErrorCode.KAFKA_STORAGE_ERROR;
    }

    /** Whether its log could not be opened for the moment, and is tried again; it is offline until then. */
    public boolean isAwaited() {
        return isAwaited;
    }

    /** Whether it is led here and there has been no room for what is written to it for long. */
    public boolean isFull() {
        return isFull;
    }

    /** Whether part of its log here is known to be damaged, or all of it; until it has been thrown away. */
    public boolean isDamaged() {
        return isDamaged;
    }

    /** Whether others have what a reader finds damaged here: all that is led elsewhere, and what others are in sync with. */
    public boolean isHeldElsewhere() {
        return log == null || inSync.size() > 1;
    }

    public int leaderEpoch() {
        return leaderEpoch;
    }

    /** The first offset that can be read. */
    public long logStartOffset() {
        return logStartOffset;
    }

    /** The offset that the next record will have. */
    public long logEndOffset() {
        return logEndOffset;
    }

    /** Consumers read below it. */
    public long highWatermark() {
        return highWatermark;
    }

    /** Readers of what is committed read below it; without open transactions the same as the high watermark. */
    public long lastStableOffset() {
        return lastStableOffset;
    }

    /** The transactions that were aborted, all below the last stable offset if that was read before. */
    public AbortedTransactions aborted() {
        return aborted;
    }

    public EpochHistory epochs() {
        return epochs;
    }

    /** Whether the broker is one of those that hold the partition, as far as its leader knows. */
    public boolean isReplica(int brokerId) {
        return replicas.contains(brokerId);
    }

    /** Whether the broker is in sync, as far as this leader knows. */
    public boolean isInSync(int brokerId) {
        return inSync.contains(brokerId);
    }

    void publishReplicas(List<Integer> brokers) {
        replicas = brokers;
    }

    void publishInSync(List<Integer> brokers) {
        inSync = brokers;
    }

    /** There is no room, or there is again. */
    void publishFull(boolean full) {
        isFull = full;
    }

    /** Its log was found damaged, or thrown away. */
    public void publishDamaged(boolean damaged) {
        isDamaged = damaged;
    }

    /** The log is here and led elsewhere. */
    void publishFollowing(PartitionLog openLog, int epoch) {
        unavailable = ErrorCode.NOT_LEADER_OR_FOLLOWER;
        log = null;
        leader = null;
        leaderEpoch = epoch;
        isAwaited = false;
        isFull = false;
        followedLog = openLog;
    }

    void publishLeading(LeaderPartition leading, PartitionLog openLog, int epoch) {
        followedLog = null;
        leaderEpoch = epoch;
        leader = leading;
        isAwaited = false;
        isFull = false;
        log = openLog;
    }

    /** There is no log, and this is what clients are told; on the shard. */
    public void publishUnavailable(ErrorCode reason) {
        isAwaited = false;
        publishNoLog(reason);
    }

    /** There is no log for the moment, and it is tried to be opened again; on the shard. */
    public void publishAwaited() {
        isAwaited = true;
        publishNoLog(ErrorCode.KAFKA_STORAGE_ERROR);
    }

    private void publishNoLog(ErrorCode reason) {
        unavailable = reason;
        log = null;
        followedLog = null;
        leader = null;
    }

    void publishBounds(long start, long end) {
        logEndOffset = end;
        logStartOffset = start;
    }

    void publishHighWatermark(long offset) {
        highWatermark = offset;
    }

    void publishLastStableOffset(long offset) {
        lastStableOffset = offset;
    }

    void publishAborted(AbortedTransactions transactions) {
        aborted = transactions;
    }

    void publishEpochs(EpochHistory history) {
        epochs = history;
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
