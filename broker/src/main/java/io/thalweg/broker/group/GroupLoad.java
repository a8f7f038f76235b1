package io.thalweg.broker.group;

import io.thalweg.broker.partition.LogCalls;
import io.thalweg.coordinator.group.GroupCoordinator;
import io.thalweg.coordinator.group.GroupRecord;
import io.thalweg.coordinator.group.GroupRecords;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a group coordinator from its log. One call at a time uses an instance, each on the worker: replaying a long log takes a while. */
final class GroupLoad {

    private static final Logger log = LoggerFactory.getLogger(GroupLoad.class);
    private static final int READ_BYTES = 4 << 20;

    private final PartitionLog partitionLog;
    private final GroupCoordinator coordinator;
    private final Executor worker;

    /** Records of transactions that have not ended yet, by producer. */
    private final Map<Long, List<GroupRecord>> pending = new TreeMap<>();

    private GroupLoad(PartitionLog partitionLog, GroupCoordinator coordinator, Executor worker) {
        this.partitionLog = partitionLog;
        this.coordinator = coordinator;
        this.worker = worker;
    }

    /** Completes once the coordinator has replayed all that is in the log now; with the end offset of that. */
    static CompletionStage<Long> of(PartitionLog partitionLog, GroupCoordinator coordinator, Executor worker) {
        var load = new GroupLoad(partitionLog, coordinator, worker);
        return CompletableFuture.completedStage(partitionLog)
                .thenApply(PartitionLog::offsets)
                .thenCompose(offsets -> load.replay(offsets.start(), offsets.end()));
    }

    private CompletionStage<Long> replay(long from, long end) {
        if (from >= end) {
            return CompletableFuture.completedFuture(end);
        }
        return LogCalls.read(partitionLog, from, end, READ_BYTES)
                .thenCompose(slice -> LogCalls.useOn(worker, slice, given -> replay(take(given, from, end), end)));
    }

    /** Replays the batches of a slice; gives the offset after them, the end if no batch comes before it. */
    private long take(LogSlice slice, long from, long end) {
        var next = from;
        for (var batch : RecordBatches.in(LogCalls.copyOf(slice))) {
            take(batch);
            next = batch.nextOffset();
        }
        return next == from ? end : next;
    }

    private void take(RecordBatch batch) {
        if (batch.isControl()) {
            EndTransactionMarker.in(batch).ifPresent(marker -> end(batch.producerId(), marker.isCommit()));
            return;
        }
        try (var records = batch.records()) {
            while (records.hasNext()) {
                var record = records.next();
                take(batch, record.key(), record.value());
            }
        }
    }

    private void take(RecordBatch batch, @Nullable ByteBuffer key, @Nullable ByteBuffer value) {
        try {
            var record = key == null ? Optional.<GroupRecord>empty() : GroupRecords.decode(key, value);
            if (batch.isTransactional()) {
                record.ifPresent(each -> pending.computeIfAbsent(batch.producerId(), first -> new ArrayList<>())
                        .add(each));
            } else {
                record.ifPresent(coordinator::replay);
            }
        } catch (MalformedMessageException | IllegalArgumentException e) {
            log.warn("a record of the batch at offset {} cannot be read and is left out", batch.baseOffset(), e);
        }
    }

    private void end(long producerId, boolean isCommit) {
        var ended = pending.remove(producerId);
        if (ended != null && isCommit) {
            ended.forEach(coordinator::replay);
        }
    }
}
