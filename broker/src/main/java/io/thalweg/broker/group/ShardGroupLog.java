package io.thalweg.broker.group;

import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.shard.Shard;
import io.thalweg.coordinator.group.GroupLog;
import io.thalweg.coordinator.group.GroupLogException;
import io.thalweg.coordinator.group.GroupRecord;
import io.thalweg.coordinator.group.GroupRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.runtime.Clock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writes the records of a group coordinator to its partition, past the ring: they come from the shard. Owned by the shard. */
final class ShardGroupLog implements GroupLog {

    private final Partition partition;
    private final Shard shard;
    private final Clock clock;
    private final Limits limits;
    private final Runnable failed;

    /**
     * What one append may take.
     *
     * @param timeoutNanos how long it may wait to be replicated
     * @param batchBytes how many bytes it may have
     */
    record Limits(long timeoutNanos, int batchBytes) {}

    /**
     * The log of a partition.
     *
     * @param failed runs when records were refused that the coordinator has taken for granted
     */
    ShardGroupLog(Partition partition, Shard shard, Clock clock, Limits limits, Runnable failed) {
        this.partition = partition;
        this.shard = shard;
        this.clock = clock;
        this.limits = limits;
        this.failed = failed;
    }

    @Override
    public CompletionStage<Void> append(List<GroupRecord> records) {
        var bytes = batch(records);
        var append = new PendingAppend(partition, RecordBatch.at(bytes, bytes.position()), bytes);
        var appended = new CompletableFuture<Void>();
        shard.append(new AppendGroup(
                List.of(append),
                Acks.ALL,
                clock.nanos() + limits.timeoutNanos(),
                shard,
                () -> finish(append.result(), appended),
                () -> {}));
        return appended;
    }

    @Override
    public boolean isSafe() {
        return partition.highWatermark() == partition.logEndOffset();
    }

    private ByteBuffer batch(List<GroupRecord> records) {
        var builder = new RecordBatchBuilder(limits.batchBytes());
        var now = clock.millis();
        for (var record : records) {
            if (!builder.append(now, GroupRecords.key(record), GroupRecords.value(record))) {
                throw new IllegalStateException(
                        records.size() + " records are more than the " + limits.batchBytes() + " bytes of a batch");
            }
        }
        return builder.build();
    }

    private void finish(AppendResult result, CompletableFuture<Void> appended) {
        if (result.error() == ErrorCode.NONE) {
            appended.complete(null);
            return;
        }
        var message = partition + ": " + result.message();
        appended.completeExceptionally(new GroupLogException(told(result.error()), message));
        if (result.error() != ErrorCode.REQUEST_TIMED_OUT) {
            failed.run();
        }
    }

    /** What a client is told that knows coordinators, not logs. */
    private static ErrorCode told(ErrorCode error) {
        return switch (error) {
            case NOT_ENOUGH_REPLICAS, NOT_ENOUGH_REPLICAS_AFTER_APPEND, REQUEST_TIMED_OUT, UNKNOWN_TOPIC_OR_PARTITION ->
                ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER, KAFKA_STORAGE_ERROR -> ErrorCode.NOT_COORDINATOR;
            default -> ErrorCode.UNKNOWN_SERVER_ERROR;
        };
    }
}
