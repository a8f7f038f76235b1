package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory of partition directories: its lock, its checkpoints of offsets, how it was left, and whether it still works. Any thread. */
final class LogDirectory {

    private static final Logger log = LoggerFactory.getLogger(LogDirectory.class);

    private static final String LOCK = ".lock";
    private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

    /** The sign that a sync has failed since the last clean stop. */
    static final String SYNC_FAILED = "sync-failed";

    /** In the words that Kafka reads; itself it writes the epoch of the broker there. */
    private static final String CLEAN_SHUTDOWN_TEXT = "{\"version\":0,\"brokerEpoch\":-1}";

    private final Disk disk;
    private final Path path;
    private final Closeable lock;
    private final DiskFailure failures;
    private final OffsetCheckpoint recoveryPoints;
    private final OffsetCheckpoint indexPoints;
    private final OffsetCheckpoint startOffsets;
    private final SegmentManifest manifest;
    private final Journal journal;
    private final PartitionDirectories partitions;

    /** Bytes that became durable since it was last noted where logs are. */
    private final AtomicLong unnotedBytes = new AtomicLong();

    private volatile long maxUnnotedBytes = Long.MAX_VALUE;
    private volatile Runnable notePoints = () -> {};

    private final AtomicReference<StorageException.@Nullable Offline> failure = new AtomicReference<>();

    private volatile boolean isSuspect;

    private LogDirectory(
            Disk disk, Path path, Closeable lock, long journalBytes, Executor syncers, DiskFailure failures) {
        this.disk = disk;
        this.path = path;
        this.lock = lock;
        this.failures = failures;
        this.recoveryPoints = new OffsetCheckpoint(this, "recovery-point-offset-checkpoint");
        this.indexPoints = new OffsetCheckpoint(this, "index-point-offset-checkpoint");
        this.startOffsets = new OffsetCheckpoint(this, "log-start-offset-checkpoint");
        this.manifest = new SegmentManifest(this);
        this.journal = new Journal(this, journalBytes, syncers);
        this.partitions = new PartitionDirectories(this);
    }

    /** Locks the directory, creating it if need be; its journal may have so many bytes and frees itself on the given threads. */
    static LogDirectory lock(Disk disk, Path path, long journalBytes, Executor syncers, DiskFailure failures)
            throws IOException {
        create(disk, path);
        var lock = disk.tryLock(path.resolve(LOCK))
                .orElseThrow(() -> new StorageException.Fenced(
                        "log directory " + path + " is in use by another broker: it holds the lock on " + LOCK));
        return new LogDirectory(disk, path, lock, journalBytes, syncers, failures);
    }

    /** Creates a directory whose name, and those of its new parents, are durable. */
    private static void create(Disk disk, Path path) throws IOException {
        var parents = new ArrayList<Path>();
        for (var each = path.toAbsolutePath(); each.getParent() != null && isNew(disk, each); each = each.getParent()) {
            parents.add(each.getParent());
        }
        disk.createDirectories(path);
        for (var parent : parents) {
            try {
                disk.syncDirectory(parent);
            } catch (AccessDeniedException e) {
                // Whoever may not read it is not the one who created something in it.
                log.debug("{} cannot be synced", parent, e);
            }
        }
    }

    /** True for a directory that is not there, or is empty: who created that one may have died before its name was durable. */
    private static boolean isNew(Disk disk, Path directory) throws IOException {
        try {
            return disk.list(directory).stream().allMatch(path -> path.endsWith(LOCK));
        } catch (NoSuchFileException e) {
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    Disk disk() {
        return disk;
    }

    Path path() {
        return path;
    }

    /** Below which offset a log is durable. */
    OffsetCheckpoint recoveryPoints() {
        return recoveryPoints;
    }

    /** Below which offset the index files of a log's active segment are durable. */
    OffsetCheckpoint indexPoints() {
        return indexPoints;
    }

    OffsetCheckpoint startOffsets() {
        return startOffsets;
    }

    /** Which segments the logs have. */
    SegmentManifest manifest() {
        return manifest;
    }

    /**
     * Makes what was noted about logs durable. The index points come first: one that was lowered because its index files are about to be
     * cut must not be found beside a recovery point that has passed it since.
     */
    void writePoints() throws IOException {
        indexPoints.writeNow();
        startOffsets.writeNow();
        recoveryPoints.writeNow();
        manifest.writeNow();
    }

    /** Reads what was noted about logs, and forgets those that are not here: a later one of the same name is another. */
    void loadCheckpoints(Set<String> names) throws IOException {
        for (var offsets : List.of(recoveryPoints, indexPoints, startOffsets)) {
            offsets.load();
            if (offsets.keepOnly(names)) {
                offsets.writeNow();
            }
        }
        manifest.load();
        if (manifest.keepOnly(names)) {
            manifest.writeNow();
        }
    }

    /** What is to be called whenever so many bytes of all logs were made durable, to note up to where they are. */
    void whenGrown(long bytes, Runnable task) {
        notePoints = task;
        maxUnnotedBytes = bytes;
    }

    /** So many bytes of a log were made durable. */
    void grown(long bytes) {
        if (bytes > 0 && unnotedBytes.addAndGet(bytes) >= maxUnnotedBytes && unnotedBytes.getAndSet(0) > 0) {
            notePoints.run();
        }
    }

    /**
     * Until a cut is done nothing above the offset is durable: a crash must not take what is gone for damage, nor believe its indexes. A
     * log that is cut below its start has none of its segments afterwards.
     */
    void lowerPoints(LogId id, long offset, long start) throws IOException {
        // First: what is not below the recovery point may be cut by a recovery, and nothing of that may be missed then.
        manifest.reduce(id.toString(), chain -> offset < start ? null : chain.below(offset));
        manifest.writeNow();
        recoveryPoints.lower(id.toString(), offset);
        indexPoints.lower(id.toString(), offset);
    }

    /** Forgets what was noted of a log, durably unless there is no room for that; then the next who writes it does. */
    void forget(LogId id) throws IOException {
        manifest.reduce(id.toString(), chain -> null);
        var all = List.of(recoveryPoints, indexPoints, startOffsets);
        all.forEach(offsets -> offsets.remove(id.toString()));
        for (var offsets : all) {
            offsets.writeNow();
        }
        manifest.writeNow();
    }

    Journal journal() {
        return journal;
    }

    /** Whether the last user closed everything; the sign of it is taken away for as long as this one works. */
    boolean takeCleanShutdown() throws IOException {
        var marker = path.resolve(CLEAN_SHUTDOWN);
        var found = disk.list(path);
        var isClean = found.contains(marker);
        isSuspect = found.contains(path.resolve(SYNC_FAILED));
        if (isClean) {
            if (!SmallFiles.read(disk, marker).equals(cleanShutdownBytes())) {
                // What others have done to the logs is theirs to know, also for the next start if this one dies.
                manifest.forgetAll();
            }
            disk.delete(marker);
            syncNames();
        }
        return isClean;
    }

    private static ByteBuffer cleanShutdownBytes() {
        return ByteBuffer.wrap(CLEAN_SHUTDOWN_TEXT.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Whether a sync has failed since the last clean stop. What was written before is in the machine's memory and perhaps nowhere else, and
     * the next sync may succeed without having written it: it has to be written again.
     */
    boolean isSuspect() {
        return isSuspect;
    }

    /** Leaves the sign that everything was closed, and durable. */
    void leaveCleanShutdown() throws IOException {
        if (isSuspect) {
            disk.delete(path.resolve(SYNC_FAILED));
            syncNames();
        }
        replace(path.resolve(CLEAN_SHUTDOWN), cleanShutdownBytes());
    }

    /** The logs that are here, and what becomes of their directories. */
    PartitionDirectories partitions() {
        return partitions;
    }

    /** Something that makes what was written durable. */
    interface Sync {
        void run() throws IOException;
    }

    /**
     * Has something synced, which the directory does not survive if it fails: the system may have dropped the pages that it could not
     * write, and a second sync would succeed and prove nothing. So does one beside a sync that fails, which may be of the same file.
     */
    void sync(String what, Sync sync) {
        checkOnline();
        try {
            sync.run();
            checkOnline();
        } catch (IOException e) {
            var call = "a sync of " + what;
            // Without descriptors nothing was synced, and nothing is wrong with the disk.
            throw failures.of(call, e) instanceof StorageException.Busy busy ? busy : fail(call, e);
        }
    }

    /** Makes durable which names are in the directory. */
    void syncNames() {
        sync("its names", () -> disk.syncDirectory(path));
    }

    /** Puts a file of the directory in the place of another so that after a crash there is either; durable when this returns. */
    void replace(Path file, ByteBuffer... bytes) throws IOException {
        checkOnline();
        SmallFiles.swap(disk, file, bytes);
        syncNames();
    }

    /** Takes the directory out of use for good: what was written since the last sync may or may not be there. */
    StorageException.Offline fail(String what, Throwable cause) {
        var offline = new StorageException.Offline(
                "log directory " + path + " is offline after " + what + ": " + cause.getMessage(), cause);
        if (failure.compareAndSet(null, offline)) {
            log.error(
                    "{}; its logs take no more appends until the broker is started again", offline.getMessage(), cause);
            leaveSyncFailed();
        }
        return offline;
    }

    /** It need not be durable: once the machine's memory is gone, what is found on the disk is there. */
    private void leaveSyncFailed() {
        try {
            disk.open(path.resolve(SYNC_FAILED), true).close();
        } catch (IOException e) {
            log.error(
                    "{} cannot be marked as one where a sync has failed: restart the machine before the broker, or what it"
                            + " finds may be in memory only",
                    path,
                    e);
        }
    }

    boolean isOffline() {
        return failure.get() != null;
    }

    void checkOnline() {
        if (isOffline()) {
            throw offline();
        }
    }

    /** Why the directory is offline, as a new exception for another one who asks. */
    StorageException.Offline offline() {
        var first = failure.get();
        return new StorageException.Offline(
                first == null ? "log directory " + path + " is offline" : String.valueOf(first.getMessage()), first);
    }

    void unlock() throws IOException {
        lock.close();
    }
}
