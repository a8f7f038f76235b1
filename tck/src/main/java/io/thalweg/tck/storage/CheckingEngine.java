package io.thalweg.tck.storage;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageEngine;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** An engine around another that notes what its user does against the contract, and passes all calls on. Any thread. */
class CheckingEngine implements StorageEngine {

    private final StorageEngine inner;
    private final Misuse misuse;
    private final ConcurrentMap<LogId, CheckingLog> logs = new ConcurrentHashMap<>();
    private final Set<String> saves = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    private CheckingEngine(StorageEngine inner, Misuse misuse) {
        this.inner = inner;
        this.misuse = misuse;
    }

    /** Around an engine with segments or without. */
    static StorageEngine around(StorageEngine inner, Misuse misuse) {
        return inner instanceof SegmentedEngine ? new OfSegments(inner, misuse) : new CheckingEngine(inner, misuse);
    }

    private static final class OfSegments extends CheckingEngine implements SegmentedEngine, DirectoryOwner {

        OfSegments(StorageEngine inner, Misuse misuse) {
            super(inner, misuse);
        }

        @Override
        public List<UUID> directoryIds() {
            return super.inner instanceof DirectoryOwner owner ? owner.directoryIds() : List.of();
        }

        @Override
        public List<UUID> failedDirectoryIds() {
            return super.inner instanceof DirectoryOwner owner ? owner.failedDirectoryIds() : List.of();
        }

        @Override
        public Set<String> clusterIds() {
            return super.inner instanceof DirectoryOwner owner ? owner.clusterIds() : Set.of();
        }

        @Override
        public void noteCluster(String clusterId) {
            if (super.inner instanceof DirectoryOwner owner) {
                owner.noteCluster(clusterId);
            }
        }
    }

    private void used(String call) {
        if (isClosed) {
            misuse.note("ENGINE-8: " + call + " after the close of the engine");
        }
    }

    @Override
    public List<LogId> logs() {
        used("logs");
        return inner.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        used("open of " + id);
        return inner.open(id, config).thenApply(opened -> checked(id, opened));
    }

    /** An open log is given again as it was. */
    private CheckingLog checked(LogId id, PartitionLog opened) {
        return logs.compute(
                id,
                (key, known) -> known != null && known.inner() == opened && !known.isClosed()
                        ? known
                        : CheckingLog.around(id, opened, misuse));
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        used("configuration of " + id);
        if (!logs.containsKey(id)) {
            misuse.note("configuration of " + id + ", which is not open");
        }
        inner.configure(id, config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> dirty) {
        used("commit");
        var covered = dirty.stream().map(this::mine).toList();
        var checks = covered.stream().map(CheckingLog::committing).toList();
        var done = new CompletableFuture<Void>();
        inner.commit(covered.stream().<PartitionLog>map(CheckingLog::inner).toList())
                .whenComplete((nothing, failure) -> {
                    checks.forEach(Runnable::run);
                    complete(done, failure);
                });
        return done;
    }

    /** The stage that the caller has completes after what is checked at the end. */
    static void complete(CompletableFuture<Void> done, @Nullable Throwable failure) {
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(failure);
        }
    }

    private CheckingLog mine(PartitionLog log) {
        if (!(log instanceof CheckingLog checking)) {
            throw new AssertionError("commit of " + log + ", which no engine that is watched has given");
        }
        if (!logs.containsValue(checking)) {
            misuse.note("commit of " + checking + ", which is not a log of this engine");
        }
        return checking;
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        used("checkpoints of " + id);
        return new CheckingCheckpoints(id, inner.checkpoints(id));
    }

    private final class CheckingCheckpoints implements Checkpoints {

        private final LogId id;
        private final Checkpoints notes;

        CheckingCheckpoints(LogId id, Checkpoints notes) {
            this.id = id;
            this.notes = notes;
        }

        @Override
        public CompletionStage<Void> save(Checkpoint checkpoint) {
            used("save of checkpoint " + checkpoint.name() + " of " + id);
            var name = id + " " + id.topicId() + " " + checkpoint.name();
            if (!saves.add(name)) {
                misuse.note("save of checkpoint " + checkpoint.name() + " of " + id + " while another is under way");
            }
            var done = new CompletableFuture<Void>();
            notes.save(checkpoint).whenComplete((nothing, failure) -> {
                saves.remove(name);
                complete(done, failure);
            });
            return done;
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            used("search for checkpoint " + name + " of " + id);
            return notes.latest(name, atMost);
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            used("removal of checkpoints of " + id);
            return notes.removeAbove(offset);
        }
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        used("deletion of " + id);
        logs.remove(id);
        return inner.delete(id);
    }

    @Override
    public void close() {
        isClosed = true;
        inner.close();
    }
}
