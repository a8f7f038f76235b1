package io.thalweg.memory.storage;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.spi.storage.StorageProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Memory storage that keeps all of its promises but one, or all. Any thread. */
final class BrokenStorage implements StorageProvider {

    private final MemoryStorage storage = new MemoryStorage();
    private final @Nullable Fault fault;

    BrokenStorage(@Nullable Fault fault) {
        this.fault = fault;
    }

    /** What is wrong with it. */
    enum Fault {
        /** Of several batches appended together, the last is not. */
        APPEND_LOSES_THE_LAST_BATCH,
        /** An append below the end is taken for one that was done before. */
        APPEND_BELOW_THE_END_IS_SWALLOWED,
        /** A read gives batches that lie past the offset asked for. */
        READ_GOES_PAST_ITS_BOUND,
        /** A read gives more bytes than were asked for. */
        READ_GIVES_TOO_MUCH,
        /** A read past the end finds nothing, instead of failing. */
        READ_OUT_OF_RANGE_IS_EMPTY,
        /** A search finds only what is later than the time asked for. */
        FIND_TAKES_LATER_FOR_AT,
        /** A truncation leaves the batch that holds the offset. */
        TRUNCATION_KEEPS_A_BATCH,
        /** The start is never where it was put, but one below. */
        START_IS_ONE_BEHIND,
        /** What was appended counts as durable before it was committed. */
        DURABLE_END_RUNS_AHEAD,
        /** The newest checkpoint is given, whatever was asked for. */
        CHECKPOINT_IS_TOO_NEW,
        /** A replacement says that it took place. */
        REPLACEMENT_CHANGES_NOTHING,
        /** A roll says that it took place. */
        ROLL_CHANGES_NOTHING,
        /** A batch is taken from the beginning of its buffer. */
        POSITION_OF_A_BUFFER_IS_IGNORED,
        /** A slice is the memory that the next read of its thread goes to. */
        SLICES_SHARE_THEIR_MEMORY,
        /** Logs are known as long as they are open. */
        CLOSED_LOG_IS_NOT_LISTED,
        /** Whoever waits for a commit when the engine closes waits for ever. */
        PENDING_COMMIT_IS_FORGOTTEN,
        /** What was appended without syncs counts as synced when syncs are wanted. */
        CONFIGURATION_MAKES_DURABLE
    }

    @Override
    public String name() {
        return "broken";
    }

    @Override
    public List<ConfigKey<?>> configKeys() {
        return storage.configKeys();
    }

    @Override
    public StorageEngine open(StorageContext context) {
        return new BrokenEngine(storage.open(context), fault);
    }

    private record BrokenEngine(
            StorageEngine engine, @Nullable Fault fault, Map<PartitionLog, PartitionLog> broken, Set<LogId> open)
            implements SegmentedEngine {

        BrokenEngine(StorageEngine engine, @Nullable Fault fault) {
            this(engine, fault, new ConcurrentHashMap<>(), ConcurrentHashMap.newKeySet());
        }

        @Override
        public List<LogId> logs() {
            return fault == Fault.CLOSED_LOG_IS_NOT_LISTED
                    ? engine.logs().stream().filter(open::contains).toList()
                    : engine.logs();
        }

        @Override
        public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
            open.add(id);
            return engine.open(id, config)
                    .thenApply(log -> broken.computeIfAbsent(
                            log, whole -> new BrokenLog((SegmentedLog) whole, fault, () -> open.remove(id))));
        }

        @Override
        public void configure(LogId id, LogConfig config) {
            engine.configure(id, config);
            if (fault == Fault.CONFIGURATION_MAKES_DURABLE) {
                engine.commit(broken.keySet()).toCompletableFuture().join();
            }
        }

        @Override
        public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
            var done = engine.commit(logs.stream()
                    .map(log -> (PartitionLog) ((BrokenLog) log).log())
                    .toList());
            return fault == Fault.PENDING_COMMIT_IS_FORGOTTEN ? new PendingUntilAsked() : done;
        }

        @Override
        public Checkpoints checkpoints(LogId id) {
            var whole = engine.checkpoints(id);
            return fault == Fault.CHECKPOINT_IS_TOO_NEW ? new BrokenCheckpoints(whole) : whole;
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return engine.delete(id);
        }

        @Override
        public void close() {
            engine.close();
        }
    }

    private record BrokenCheckpoints(Checkpoints checkpoints) implements Checkpoints {

        @Override
        public CompletionStage<Void> save(Checkpoint checkpoint) {
            return checkpoints.save(checkpoint);
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            return checkpoints.latest(name, Long.MAX_VALUE);
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            return checkpoints.removeAbove(offset);
        }
    }

    /** Completes when somebody waits for it, and not before. */
    private static final class PendingUntilAsked extends CompletableFuture<Void> {

        @Override
        public Void get(long timeout, TimeUnit unit) {
            complete(null);
            return join();
        }

        @Override
        public CompletableFuture<Void> thenRun(Runnable action) {
            complete(null);
            return super.thenRun(action);
        }
    }

    private record BrokenLog(SegmentedLog log, @Nullable Fault fault, Runnable whenClosed) implements SegmentedLog {

        private static final ThreadLocal<ByteBuffer> MEMORY =
                ThreadLocal.withInitial(() -> ByteBuffer.allocate(1 << 20));

        private boolean has(Fault one) {
            return fault == one;
        }

        @Override
        public void append(List<Batch> batches) {
            if (has(Fault.APPEND_BELOW_THE_END_IS_SWALLOWED)
                    && !batches.isEmpty()
                    && batches.get(0).baseOffset() < log.offsets().end()) {
                return;
            }
            var isLast = has(Fault.APPEND_LOSES_THE_LAST_BATCH) && batches.size() > 1;
            var some = isLast ? batches.subList(0, batches.size() - 1) : batches;
            log.append(
                    has(Fault.POSITION_OF_A_BUFFER_IS_IGNORED)
                            ? some.stream().map(BrokenLog::fromTheBeginning).toList()
                            : some);
        }

        private static Batch fromTheBeginning(Batch batch) {
            var bytes = batch.bytes().duplicate().position(0);
            return new Batch(
                    bytes.limit(batch.bytes().remaining()),
                    batch.baseOffset(),
                    batch.lastOffset(),
                    batch.leaderEpoch(),
                    batch.maxTimestamp());
        }

        @Override
        public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
            var bound = has(Fault.READ_GOES_PAST_ITS_BOUND) ? Math.max(upTo, upTo + 1) : upTo;
            var bytes = has(Fault.READ_GIVES_TOO_MUCH) ? maxBytes + 100 : maxBytes;
            var read = log.read(from, bound, bytes);
            if (has(Fault.SLICES_SHARE_THEIR_MEMORY)) {
                return read.thenApply(BrokenLog::inSharedMemory);
            }
            return has(Fault.READ_OUT_OF_RANGE_IS_EMPTY) ? read.exceptionally(BrokenLog::emptyIfOutOfRange) : read;
        }

        private static LogSlice inSharedMemory(LogSlice slice) {
            try {
                var bytes = slice.toBuffer();
                var shared = MEMORY.get().clear().put(bytes).flip();
                return LogSlice.of(List.of(shared.duplicate()), () -> {});
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static LogSlice emptyIfOutOfRange(Throwable failure) {
            if (failure instanceof StorageException.OutOfRange) {
                return LogSlice.empty();
            }
            throw new IllegalStateException(failure);
        }

        @Override
        public CompletionStage<OptionalLong> find(long timestamp) {
            return log.find(has(Fault.FIND_TAKES_LATER_FOR_AT) ? timestamp + 1 : timestamp);
        }

        @Override
        public CompletionStage<Void> truncateTo(long endOffset) {
            return log.truncateTo(has(Fault.TRUNCATION_KEEPS_A_BATCH) ? endOffset + 1 : endOffset);
        }

        @Override
        public CompletionStage<Void> advanceStart(long startOffset) {
            return log.advanceStart(has(Fault.START_IS_ONE_BEHIND) ? startOffset - 1 : startOffset);
        }

        @Override
        public LogOffsets offsets() {
            var seen = log.offsets();
            return has(Fault.DURABLE_END_RUNS_AHEAD)
                    ? new LogOffsets(seen.start(), seen.localStart(), seen.end(), seen.end(), seen.maxTimestamp())
                    : seen;
        }

        @Override
        public List<LogSegment> segments() {
            return log.segments();
        }

        @Override
        public void roll() {
            if (!has(Fault.ROLL_CHANGES_NOTHING)) {
                log.roll();
            }
        }

        @Override
        public Replacement replace(long firstOffset, long endOffset) {
            var whole = log.replace(firstOffset, endOffset);
            return has(Fault.REPLACEMENT_CHANGES_NOTHING) ? new IdleReplacement(whole) : whole;
        }

        @Override
        public void close() {
            whenClosed.run();
            log.close();
        }
    }

    private record IdleReplacement(SegmentedLog.Replacement whole) implements SegmentedLog.Replacement {

        @Override
        public CompletionStage<Void> append(List<Batch> batches) {
            return whole.append(batches);
        }

        @Override
        public CompletionStage<Void> finish() {
            whole.close();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void close() {
            whole.close();
        }
    }
}
