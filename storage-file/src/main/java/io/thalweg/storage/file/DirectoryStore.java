package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The logs of one log directory of an engine. Any thread; owns the pools on which its logs wait for the disk.
 *
 * <p>On close every log is synced and closed, then the recovery points are written, then the sign of a clean shutdown.
 */
final class DirectoryStore implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(DirectoryStore.class);

    /** So many logs may have grown by as much as one may before that is noted of any. */
    private static final long LOGS_NOTED_LATE = 8;

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

    /** Those that are here and those that are to be created here. */
    private final AtomicInteger logCount;

    /** What was free when the disk was last asked. */
    private volatile long freeBytes;

    private DirectoryStore(
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
        this.logCount = new AtomicInteger(logs.known().size());
        this.timers = context.timers();
        this.checkpointNanos = TimeUnit.MILLISECONDS.toNanos(context.config().value(FileStorage.CHECKPOINT_INTERVAL));
    }

    /** Where a store is, and what it has in common with the others of its engine. */
    record Site(
            Disk disk,
            Path path,
            int index,
            KnownDirectories known,
            Warmth warmth,
            ScratchBuffers scratch,
            IndexMemory indexes,
            OpenFiles openFiles) {

        /** The name of a pool; the first directory's have no number. */
        private String pool(String name) {
            return index == 0 ? name : name + "-" + index;
        }
    }

    /** Locks the directory and finds its logs. */
    static DirectoryStore open(Site site, StorageContext context) {
        var disk = site.disk();
        var path = site.path();
        var pools = new ArrayList<Workers.Pool>();
        LogDirectory directory = null;
        try {
            var runtime = start(context, pools, site);
            var committer = context.workers().start(site.pool("storage-commit"), 1);
            pools.add(committer);
            directory = LogDirectory.lock(
                    disk,
                    path,
                    context.config().value(FileStorage.JOURNAL_BYTES),
                    runtime.syncers(),
                    runtime.failures());
            site.known().checkNotEmptied(disk, path);
            var id = DirectoryIdentity.of(directory, context.random());
            var logs = LogRegistry.find(directory, runtime);
            var store = new DirectoryStore(directory, id, runtime, logs, committer, context);
            store.freeBytes = disk.freeBytes(path);
            directory.whenGrown(LOGS_NOTED_LATE * runtime.recoveryBytes(), store::notePoints);
            store.scheduleCheckpoint();
            return store;
        } catch (IOException e) {
            release(pools, directory);
            throw new DiskFailure(disk, path, site.openFiles()).of("open of log directory " + path, e);
        } catch (RuntimeException e) {
            release(pools, directory);
            throw e;
        }
    }

    private static LogRuntime start(StorageContext context, List<Workers.Pool> pools, Site site) {
        var config = context.config();
        var workers = context.workers();
        pools.add(workers.start(site.pool("storage-read"), config.value(FileStorage.READ_THREADS)));
        pools.add(workers.start(site.pool("storage-sync"), config.value(FileStorage.SYNC_THREADS)));
        pools.add(workers.start(site.pool("storage-files"), config.value(FileStorage.RECOVERY_THREADS)));
        return new LogRuntime(
                context.clock(),
                context.timers(),
                pools.get(0),
                pools.get(1),
                pools.get(2),
                site.warmth(),
                site.scratch(),
                site.indexes(),
                site.openFiles(),
                new DiskFailure(site.disk(), site.path(), site.openFiles()),
                config.value(FileStorage.RECOVERY_BYTES),
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
            checkIsHere();
            directory.journal().settle();
            logs.open().forEach(open -> open.sync().settleSoon());
            freeBytes = directory.disk().freeBytes(directory.path());
        } catch (IOException | StorageException e) {
            log.warn("what the journal of {} had before could not be made durable in the logs", directory.path(), e);
        }
        notePoints();
        scheduleCheckpoint();
    }

    /** What has the name of the directory may be another one by now, while the files that are open are still those of the old one. */
    private void checkIsHere() throws IOException {
        if (!directory.isOffline()
                && !DirectoryIdentity.read(directory.disk(), directory.path()).equals(Optional.of(directoryId))) {
            throw directory.fail(
                    "a look at its id",
                    new IOException("what was opened there is gone: was it removed, or its disk unmounted?"));
        }
    }

    /** Writes down up to where the logs are durable, so that a start after a crash does not read it again. */
    private void notePoints() {
        var isNoted = false;
        try {
            for (var open : logs.open()) {
                isNoted |= open.noteRecoveryPoint();
                isNoted |= open.noteIndexPoint();
            }
            if (isNoted) {
                directory.writePoints();
            }
        } catch (IOException | StorageException e) {
            log.warn("the recovery points of {} could not be written", directory.path(), e);
        }
    }

    UUID id() {
        return directoryId;
    }

    DirectoryCluster cluster() {
        return new DirectoryCluster(directory);
    }

    Path path() {
        return directory.path();
    }

    LogDirectory directory() {
        return directory;
    }

    LogRuntime runtime() {
        return runtime;
    }

    LogRegistry logs() {
        return logs;
    }

    boolean isOffline() {
        return directory.isOffline();
    }

    long freeBytes() {
        return freeBytes;
    }

    int logCount() {
        return logCount.get();
    }

    /** There is a log more, or one that is to be created. */
    void placed() {
        logCount.incrementAndGet();
    }

    /** There is a log less. */
    void displaced() {
        logCount.decrementAndGet();
    }

    CompletionStage<Void> commit(List<FileLog> asked) {
        var isToDo = directory.isOffline();
        for (var file : asked) {
            isToDo |= !file.isDurable() || !file.isQuiet();
        }
        return isToDo ? commits.join(asked) : CompletableFuture.completedStage(null);
    }

    Checkpoints checkpoints(LogId id) {
        return new FileCheckpoints(logs.home(id), runtime);
    }

    CompletionStage<Void> delete(LogId id) {
        displaced();
        return logs.delete(id);
    }

    /** What the directory holds, besides logs that were placed here and hold nothing, and those that are on their way here. */
    CompletionStage<DirectoryImage> image(List<LogId> placed, List<DirectoryImage.Held> copies) {
        var described = new CompletableFuture<DirectoryImage>();
        runtime.maintenance().execute(() -> {
            try {
                described.complete(describe(placed, copies));
            } catch (IOException | RuntimeException e) {
                log.warn("{} cannot be described", directory.path(), e);
                described.complete(DirectoryImage.offline(directory.path()));
            }
        });
        return described;
    }

    private DirectoryImage describe(List<LogId> placed, List<DirectoryImage.Held> copies) throws IOException {
        if (isOffline()) {
            return DirectoryImage.offline(directory.path());
        }
        var held = new ArrayList<>(copies);
        for (var id : logs.known()) {
            held.add(new DirectoryImage.Held(id, logs.sizeInBytes(id), 0, false));
        }
        for (var id : placed) {
            if (!id.equals(logs.owner(id.toString()))) {
                held.add(new DirectoryImage.Held(id, 0, 0, false));
            }
        }
        var disk = directory.disk();
        return new DirectoryImage(
                directory.path(), true, disk.totalBytes(directory.path()), disk.freeBytes(directory.path()), held);
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
                directory.writePoints();
                directory.leaveCleanShutdown();
            }
        } catch (IOException | StorageException e) {
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
}
