package io.thalweg.broker.shard;

import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.ReplicaLog;
import io.thalweg.broker.partition.RestoredLog;
import io.thalweg.broker.partition.StorageErrors;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the logs that roles begin with. One that cannot be opened for the moment, as there is no room or the engine is busy, is put off
 * and tried again, until it opens, fails for good or is not wanted any more. Owned by the shard.
 */
final class LogOpenings {

    private static final Logger log = LoggerFactory.getLogger(LogOpenings.class);

    /** Each try may read some MiB. */
    static final int MAX_RETRIES_UNDER_WAY = 64;

    private static final CompletionStage<Void> NOTHING = CompletableFuture.completedFuture(null);

    private final StorageEngine engine;
    private final Shard shard;
    private final LogChanges changes;
    private final Map<Partition, Opening> wanted = new LinkedHashMap<>();

    /** Of those that are not wanted any more, too: an engine is asked about a log one thing at a time. */
    private final Map<Partition, CompletionStage<Void>> tries = new LinkedHashMap<>();

    LogOpenings(StorageEngine engine, Shard shard, LogChanges changes) {
        this.engine = engine;
        this.shard = shard;
        this.changes = changes;
    }

    /** A log that is wanted, and what begins with it. */
    private static final class Opening {

        private final Partition partition;
        private final Supplier<CompletionStage<PartitionLog>> source;
        private final Consumer<ReplicaLog> beginning;
        private final CompletableFuture<Void> ended;
        private Runnable latestSettings = () -> {};
        private boolean isPutOff;
        private boolean isToldOf;

        Opening(
                Partition partition,
                Supplier<CompletionStage<PartitionLog>> source,
                Consumer<ReplicaLog> beginning,
                CompletableFuture<Void> ended) {
            this.partition = partition;
            this.source = source;
            this.beginning = beginning;
            this.ended = ended;
        }
    }

    /**
     * Opens a log, in the place of whatever is being opened for the partition.
     *
     * @param ended completes once the role has begun or is put off, and fails if it cannot begin
     */
    void open(
            Partition partition,
            Supplier<CompletionStage<PartitionLog>> source,
            Consumer<ReplicaLog> beginning,
            CompletableFuture<Void> ended) {
        assert shard.isCurrent();
        var opening = new Opening(partition, source, beginning, ended);
        var earlier = wanted.put(partition, opening);
        opening.isToldOf = earlier != null && earlier.isToldOf;
        // What the log was closed for, such as damage, need not have to do with its being cut still.
        changes.cutEnded(partition)
                .thenCompose(nothing -> triesEnded(partition))
                .thenRun(() -> attempt(opening));
    }

    /** Puts off a role whose log is open and could not be read for the moment. */
    void putOff(Partition partition, PartitionLog open, Consumer<ReplicaLog> beginning, Throwable cause) {
        assert shard.isCurrent();
        var opening = new Opening(
                partition, () -> CompletableFuture.completedStage(open), beginning, new CompletableFuture<>());
        wanted.put(partition, opening);
        putOff(opening, cause);
    }

    /** Tries again what was put off, some at a time and all in turn. */
    void retry() {
        assert shard.isCurrent();
        var due = wanted.values().stream()
                .filter(opening -> opening.isPutOff && !tries.containsKey(opening.partition))
                .limit(Math.max(0, MAX_RETRIES_UNDER_WAY - tries.size()))
                .toList();
        for (var opening : due) {
            wanted.remove(opening.partition);
            wanted.put(opening.partition, opening);
            attempt(opening);
        }
    }

    /** Has what the topic's settings say by now done once the log is open; tells whether it is being opened. */
    boolean whenOpen(Partition partition, Runnable settings) {
        assert shard.isCurrent();
        var opening = wanted.get(partition);
        if (opening != null) {
            opening.latestSettings = settings;
        }
        return opening != null;
    }

    /** The log is not wanted any more; completes on the shard once nobody is opening it. */
    CompletionStage<Void> giveUp(Partition partition) {
        assert shard.isCurrent();
        wanted.remove(partition);
        return triesEnded(partition);
    }

    /** The same for all. */
    CompletionStage<Void> giveUpAll() {
        assert shard.isCurrent();
        wanted.clear();
        return tries.values().stream().reduce(NOTHING, (all, each) -> all.thenCombine(each, (one, other) -> null));
    }

    private CompletionStage<Void> triesEnded(Partition partition) {
        return tries.getOrDefault(partition, NOTHING);
    }

    private void attempt(Opening opening) {
        var partition = opening.partition;
        if (wanted.get(partition) != opening) {
            opening.ended.complete(null);
            return;
        }
        var ended = new CompletableFuture<Void>();
        tries.put(partition, ended);
        NOTHING.thenCompose(nothing -> opening.source.get())
                .thenCompose(opened -> ReplicaLog.restore(opened, engine.checkpoints(partition.id())))
                .whenComplete((restored, failure) -> shard.execute(() -> {
                    tries.remove(partition);
                    try {
                        tried(opening, restored, failure);
                    } finally {
                        ended.complete(null);
                    }
                }));
    }

    private void tried(Opening opening, RestoredLog restored, @Nullable Throwable failure) {
        var partition = opening.partition;
        if (wanted.get(partition) != opening) {
            opening.ended.complete(null);
        } else if (failure == null) {
            opened(opening, restored);
        } else if (StorageErrors.isPassing(failure)) {
            putOff(opening, failure);
        } else {
            wanted.remove(partition);
            cannotBegin(partition, failure, opening.ended);
        }
    }

    private void opened(Opening opening, RestoredLog restored) {
        wanted.remove(opening.partition);
        if (opening.isPutOff) {
            log.info("{} is open now", opening.partition);
        }
        begin(
                opening.partition,
                () -> opening.beginning.accept(new ReplicaLog(opening.partition, restored)),
                opening.ended);
        opening.latestSettings.run();
    }

    private static void putOff(Opening opening, Throwable cause) {
        if (!opening.isPutOff) {
            opening.isPutOff = true;
            opening.partition.publishAwaited();
        }
        if (!opening.isToldOf) {
            opening.isToldOf = true;
            log.warn("{} cannot be opened at the moment, and is tried again until it can", opening.partition, cause);
        }
        opening.ended.complete(null);
    }

    /** Begins a role, or says why not. */
    static void begin(Partition partition, Runnable beginning, CompletableFuture<Void> begun) {
        try {
            beginning.run();
            begun.complete(null);
        } catch (RuntimeException | Error e) {
            cannotBegin(partition, e, begun);
        }
    }

    private static void cannotBegin(Partition partition, Throwable cause, CompletableFuture<Void> begun) {
        log.error("{} cannot be opened", partition, cause);
        if (StorageErrors.isDamage(cause)) {
            partition.publishDamaged(true);
        }
        partition.publishUnavailable(ErrorCode.KAFKA_STORAGE_ERROR);
        begun.completeExceptionally(cause);
    }
}
