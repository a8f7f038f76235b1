package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of one log directory. Any thread; owns the pools on which its logs wait for the disk.
 *
 * <p>On close every log is synced and closed, then the recovery points are written, then the sign of a clean shutdown.
 */
final class FileEngine implements SegmentedEngine, DirectoryOwner {

    private static final Logger log = LoggerFactory.getLogger(FileEngine.class);

    private final LogDirectory directory;
    private final UUID directoryId;
    private final LogRuntime runtime;
    private final LogRegistry logs;
    private final CommitQueue commits;
    private final Workers.Pool committer;
    private final Timers timers;
    private final long checkpointNanos;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Timers.Timer checkpointTimer = () -> {};

    private FileEngine(
            LogDirectory directory,
            UUID directoryId,
            LogRuntime runtime,
            LogRegistry logs,
            Workers.Pool committer,
            StorageContext context) {
        this.directory = directory;
        this.directoryId = directoryId;
        this.runtime = runtime;
        this.logs = logs;
        this.committer = committer;
        this.commits = new CommitQueue(directory, committer, runtime);
        this.timers = context.timers();
        this.checkpointNanos = TimeUnit.MILLISECONDS.toNanos(context.config().value(FileStorage.CHECKPOINT_INTERVAL));
    }

    /** Locks the directory and finds its logs. */
    static FileEngine open(Disk disk, Path path, StorageContext context) {
        var pools = new ArrayList<Workers.Pool>();
        LogDirectory directory = null;
        try {
            var runtime = start(context, pools, new DiskFailure(disk, path));
            var committer = context.workers().start("storage-commit", 1);
            pools.add(committer);
            directory =
                    LogDirectory.lock(disk, path, context.config().value(FileStorage.JOURNAL_BYTES), runtime.syncers());
            var id = DirectoryIdentity.of(disk, path, context.random());
            var logs = LogRegistry.find(directory, runtime);
            var engine = new FileEngine(directory, id, runtime, logs, committer, context);
            engine.scheduleCheckpoint();
            return engine;
        } catch (IOException e) {
            release(pools, directory);
            throw new DiskFailure(disk, path).of("open of log directory " + path, e);
        } catch (RuntimeException e) {
            release(pools, directory);
            throw e;
        }
    }

    private static LogRuntime start(StorageContext context, List<Workers.Pool> pools, DiskFailure failures) {
        var config = context.config();
        var workers = context.workers();
        pools.add(workers.start("storage-read", config.value(FileStorage.READ_THREADS)));
        pools.add(workers.start("storage-sync", config.value(FileStorage.SYNC_THREADS)));
        pools.add(workers.start("storage-files", config.value(FileStorage.RECOVERY_THREADS)));
        return new LogRuntime(
                context.clock(),
                pools.get(0),
                pools.get(1),
                pools.get(2),
                new Warmth(config.value(FileStorage.WARM_BYTES)),
                new ScratchBuffers(),
                new IndexMemory(),
                failures,
                context.random().nextLong());
    }

    private static void release(List<Workers.Pool> pools, @Nullable LogDirectory directory) {
        pools.forEach(Workers.Pool::close);
        if (directory != null) {
            unlock(directory);
        }
    }

    private static void unlock(LogDirectory directory) {
        try {
            directory.unlock();
        } catch (IOException e) {
            log.warn("the lock of {} could not be given back", directory.path(), e);
        }
    }

    private void scheduleCheckpoint() {
        checkpointTimer =
                timers.schedule(checkpointNanos, () -> runtime.maintenance().execute(this::checkpoint));
    }

    private void checkpoint() {
        if (closed.get()) {
            return;
        }
        try {
            writeRecoveryPoints();
        } catch (IOException e) {
            log.warn("the recovery points of {} could not be written", directory.path(), e);
        }
        scheduleCheckpoint();
    }

    private void writeRecoveryPoints() throws IOException {
        var isChanged = false;
        for (var open : logs.open()) {
            isChanged |= open.noteRecoveryPoint();
            open.sync().syncIfJournaled();
        }
        if (isChanged) {
            directory.recoveryPoints().writeNow();
        }
    }

    @Override
    public List<UUID> directoryIds() {
        return List.of(directoryId);
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        return logs.known();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        return logs.open(id, config);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        logs.opened(id).configure(config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> dirty) {
        checkOpen();
        var asked = new ArrayList<FileLog>(dirty.size());
        var isToDo = false;
        for (var each : dirty) {
            var file = (FileLog) each;
            asked.add(file);
            isToDo |= directory.isOffline() || !file.isDurable() || !file.isQuiet();
        }
        return isToDo ? commits.join(asked) : CompletableFuture.completedStage(null);
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        return new FileCheckpoints(logs.home(id), runtime);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        return logs.delete(id);
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        checkpointTimer.cancel();
        logs.close();
        // Each pool finishes what it was given; the closing of the logs is among it.
        runtime.maintenance().close();
        committer.close();
        runtime.syncers().close();
        runtime.readers().close();
        try {
            if (!directory.isOffline() && logs.isAllClosed() && logs.isAllRecovered()) {
                directory.journal().clear();
                directory.recoveryPoints().writeNow();
                directory.leaveCleanShutdown();
            }
        } catch (IOException e) {
            log.warn("{} was closed, but the sign of it could not be written", directory.path(), e);
        }
        closeJournal();
        unlock(directory);
    }

    private void closeJournal() {
        try {
            directory.journal().close();
        } catch (IOException e) {
            log.warn("the journal of {} could not be closed", directory.path(), e);
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("log directory " + directory.path() + " is closed");
        }
    }
}
