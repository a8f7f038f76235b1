package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the last appends of many logs are made durable with one sync, until the logs are synced themselves. Any thread that may wait
 * for the disk; one lock, held while the disk works.
 *
 * <p>The bytes go to two files in turn. A file that is left because it is full is free again when every log it has entries of was
 * synced; while it is not, and the other one is full too, the journal takes nothing, and the logs are synced themselves. Whoever takes
 * bytes away from a log has its entries voided first.
 *
 * <p>What is found after a crash is put back by {@link JournalReplay} before any log opens.
 */
final class Journal {

    private static final Logger logger = LoggerFactory.getLogger(Journal.class);

    static final String FIRST_FILE = "thalweg-journal.a";
    static final String SECOND_FILE = "thalweg-journal.b";

    /** More bytes per log are better written once; measured, see the decision record on the journal. */
    private static final int MAX_BYTES_PER_LOG = 256 * 1024;

    /** The same for a log that is committed alone, which saves no sync, only the growth of its file. */
    private static final int MAX_BYTES_ALONE = 64 * 1024;

    /** The room that is kept for logs to leave in. */
    private static final int RESERVED_BYTES = 4 * JournalBlock.PAGE_BYTES;

    /** Of a smaller one no file would have a page left beside what is kept. */
    static final long MIN_BYTES = 2 * (2 * RESERVED_BYTES + JournalBlock.PAGE_BYTES);

    private final Disk disk;
    private final LogDirectory directory;
    private final int fileBytes;
    private final Executor background;
    private final ReentrantLock lock = new ReentrantLock();
    private final JournalWriter writer = new JournalWriter();

    private JournalFile active;
    private JournalFile other;

    /** Those that were found; the newer one voids entries of the older. */
    private List<Path> filesOldestFirst = List.of();

    /** What a crash has left; while that is not durable elsewhere the journal takes nothing. */
    private volatile @Nullable JournalRemains remains;

    private volatile boolean isReady;
    private final AtomicBoolean isPreparing = new AtomicBoolean();
    private final AtomicInteger commitsAlone = new AtomicInteger();

    /** A journal of so many bytes, or none if that is 0; it takes nothing before {@link #prepareSoon} has come to an end. */
    Journal(LogDirectory directory, long sizeInBytes, Executor background) {
        this.disk = directory.disk();
        this.directory = directory;
        this.fileBytes = (int) Math.min(Integer.MAX_VALUE / 2, sizeInBytes / 2)
                / JournalBlock.PAGE_BYTES
                * JournalBlock.PAGE_BYTES;
        this.background = background;
        this.active = new JournalFile(directory, FIRST_FILE);
        this.other = new JournalFile(directory, SECOND_FILE);
    }

    /** Puts back into the logs what a crash has left here, unless everything was closed; before any log opens, with some helpers. */
    void recover(boolean isClean, Executor helpers) throws IOException {
        lock.lock();
        try {
            if (!isClean) {
                directory.sync("its journal", this::syncFound);
            }
            var found = JournalReplay.find(disk, List.of(active.path(), other.path()));
            writer.goOnAfter(found.lastSequence());
            filesOldestFirst = found.oldestFirst();
            if (found.hasEntries()) {
                if (isClean) {
                    voidFiles();
                } else {
                    remains = found.replay(directory.path(), helpers);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** What a process that died has written counts as soon as it is read. */
    private void syncFound() throws IOException {
        for (var path : List.of(active.path(), other.path())) {
            try {
                SmallFiles.sync(disk, path);
            } catch (NoSuchFileException e) {
                logger.debug("there is no {}", path);
            }
        }
    }

    /** Whose directory it is, if what a crash has left here was put back there; that need not be looked up. */
    Optional<LogId> owner(String topic, int partition) {
        var found = remains;
        return found == null ? Optional.empty() : found.owner(topic, partition);
    }

    /** Up to which position a segment that a crash has left is durable with the help of what it left here. */
    int coveredBytes(LogId id, long baseOffset) {
        var found = remains;
        return found == null ? 0 : found.coveredBytes(id, baseOffset);
    }

    /** Makes durable in the logs what a crash has left here, which takes a sync for each of them. */
    void settle() throws IOException {
        if (remains == null) {
            return;
        }
        lock.lock();
        try {
            var found = remains;
            if (found != null) {
                settle(found);
                remains = null;
            }
        } finally {
            lock.unlock();
        }
    }

    private void settle(JournalRemains found) throws IOException {
        directory.sync("what its journal had", found::sync);
        voidFiles();
    }

    private void voidFiles() throws IOException {
        for (var path : filesOldestFirst) {
            try (var file = disk.open(path, false)) {
                file.write(new ByteBuffer[] {writer.uselessBlock()}, 0);
                file.sync();
            }
        }
        writer.durable();
    }

    /**
     * Makes durable what was appended to some logs, and tells them so; gives those that have to be synced themselves. The first call
     * that could use the journal only has it prepared.
     */
    List<LogSync> commit(List<LogSync> logs) throws IOException {
        if (logs.isEmpty() || fileBytes == 0) {
            return logs;
        }
        if (!isReady) {
            if (isWorthIt(logs.size())) {
                prepareSoon();
            }
            return logs;
        }
        lock.lock();
        try {
            return isReady ? commitLocked(logs) : logs;
        } finally {
            lock.unlock();
        }
    }

    /** Logs that are committed alone gain little, so one who seldom commits is spared the writing of the files. */
    private boolean isWorthIt(int logCount) {
        return logCount > 1 || commitsAlone.incrementAndGet() > fileBytes / MAX_BYTES_ALONE;
    }

    private List<LogSync> commitLocked(List<LogSync> logs) throws IOException {
        var taken = new ArrayList<Uncovered>(logs.size());
        var rest = new ArrayList<LogSync>(0);
        var size = 0L;
        for (var log : logs) {
            var uncovered = log.uncovered();
            if (uncovered == null) {
                rest.add(log);
            } else {
                taken.add(uncovered);
                size += uncovered.journalBytes();
            }
        }
        var most = taken.size() == 1 ? MAX_BYTES_ALONE : (long) taken.size() * MAX_BYTES_PER_LOG;
        if (taken.isEmpty() || size > most || !hasRoom(size)) {
            return logs;
        }
        try {
            writer.write(taken, active);
        } catch (IOException e) {
            logger.warn("the journal of {} could not be written; logs are synced one by one", directory.path(), e);
            return logs;
        }
        sync();
        taken.forEach(Uncovered::covered);
        return rest;
    }

    private boolean hasRoom(long size) {
        var needed = writer.bytesFor(size);
        var room = fileBytes - RESERVED_BYTES;
        if (needed <= room - active.position()) {
            return true;
        }
        if (needed > room || !other.isFree()) {
            return false;
        }
        turn();
        return true;
    }

    /** Goes on in the other file, and has this one freed. */
    private void turn() {
        if (!writer.isDurable()) {
            // What a failed commit left: no block may be missing before those of the other file.
            sync();
        }
        var full = active;
        active = other;
        other = full;
        active.restart();
        background.execute(() -> free(full));
    }

    private void free(JournalFile full) {
        try {
            List<LogSync> logs;
            lock.lock();
            try {
                logs = full.logs();
            } finally {
                lock.unlock();
            }
            for (var log : logs) {
                log.syncNow();
            }
            lock.lock();
            try {
                full.free();
            } finally {
                lock.unlock();
            }
        } catch (IOException | RuntimeException e) {
            logger.warn("{} stays in use: a log of which it has entries could not be synced", full.path(), e);
        }
    }

    private void sync() {
        directory.sync("its journal", active::sync);
        writer.durable();
    }

    /** Whether a crash could bring back bytes of a log that are here. */
    boolean hasEntriesOf(LogId id) {
        lock.lock();
        try {
            var found = remains;
            return (found != null && found.holds(id)) || active.hasEntriesOf(id) || other.hasEntriesOf(id);
        } finally {
            lock.unlock();
        }
    }

    /** Makes sure that what goes from a segment, which a crash has left, does not come back from here after another one. */
    void forgetPast(LogId id, long baseOffset, int keptBytes) throws IOException {
        if (coveredBytes(id, baseOffset) > keptBytes) {
            forget(id);
        }
    }

    /** Voids all entries of a log, durably. */
    void forget(LogId id) throws IOException {
        lock.lock();
        try {
            var found = remains;
            if (found != null && found.holds(id)) {
                settle();
            }
            if (!active.hasEntriesOf(id) && !other.hasEntriesOf(id)) {
                return;
            }
            // After a failed sync a block may be missing that this one would follow, and a start would take that for
            // damage.
            directory.checkOnline();
            if (active.position() + JournalBlock.PAGE_BYTES > fileBytes) {
                freeNow(other);
                turn();
            }
            writer.writeLeft(id, active);
            sync();
            active.left(id);
            other.left(id);
        } finally {
            lock.unlock();
        }
    }

    private static void freeNow(JournalFile file) throws IOException {
        if (!file.isFree()) {
            for (var log : file.logs()) {
                log.syncNow();
            }
            file.free();
        }
    }

    /** Has the files written from end to end, so that later writes only change what is there. */
    private void prepareSoon() {
        if (isPreparing.compareAndSet(false, true)) {
            background.execute(this::prepare);
        }
    }

    private void prepare() {
        try {
            if (disk.freeBytes(directory.path()) / 4 < fileBytes) {
                logger.warn(
                        "no journal for {}: less than {} bytes are free there; logs are synced one by one",
                        directory.path(),
                        4L * fileBytes);
                return;
            }
            settle();
            active.prepare(fileBytes);
            other.prepare(fileBytes);
            directory.syncNames();
            lock.lock();
            try {
                writer.allocate();
                active.restart();
                isReady = true;
            } finally {
                lock.unlock();
            }
        } catch (IOException | StorageException e) {
            logger.warn("no journal for {}: it could not be written; logs are synced one by one", directory.path(), e);
        }
    }

    /** When every log was closed: nothing here is needed any more. */
    void clear() throws IOException {
        lock.lock();
        try {
            settle();
            if (isReady) {
                // The newer file voids entries of the older one, so it goes last.
                for (var file : List.of(other, active)) {
                    file.restart();
                    file.write(writer.uselessBlock());
                    file.sync();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** Closes the files, after which the journal takes nothing. */
    void close() throws IOException {
        lock.lock();
        try {
            isReady = false;
            isPreparing.set(true);
            active.close();
            other.close();
        } finally {
            lock.unlock();
        }
    }
}
