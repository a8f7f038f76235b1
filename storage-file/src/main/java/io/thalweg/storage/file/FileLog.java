package io.thalweg.storage.file;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of one partition in files.
 *
 * <p>Appended to, truncated and advanced by one thread at a time, the owner; the slow part of cuts runs on maintenance threads, in
 * order, and while a truncation is on, appends are refused. Readers take the {@link LogView} of the moment.
 */
final class FileLog implements SegmentedLog {

    private static final Logger logger = LoggerFactory.getLogger(FileLog.class);

    private final PartitionDirectory home;
    private final LogRegistry registry;
    private final LogDirectory directory;
    private final LogRuntime runtime;
    private final LogSync sync;
    private final IndexPoint indexPoint;
    private final LogReader reader;
    private final LogAppender appender;
    private final LogCutter cutter;
    private final LeftoverSegments leftovers;
    private final SerialTasks tasks;

    private final AtomicBoolean isTruncating = new AtomicBoolean();

    private final AtomicBoolean replacing = new AtomicBoolean();
    /** Commits that somebody waits for. */
    private final AtomicInteger untoldCommits = new AtomicInteger();

    /** Whether a timer is set after which the log goes to disk. */
    private final AtomicBoolean isFlushDue = new AtomicBoolean();

    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile LogConfig config;
    private volatile LogView view;

    FileLog(
            PartitionDirectory home,
            LogRegistry registry,
            LogRuntime runtime,
            LogConfig config,
            LogLoader.Loaded found) {
        this.home = home;
        this.registry = registry;
        this.directory = registry.directory();
        this.runtime = runtime;
        this.config = config;
        this.view = found.view();
        this.sync = new LogSync(this::view, home, directory, runtime, found);
        this.indexPoint = new IndexPoint(this, directory, runtime.recoveryBytes());
        this.reader = new LogReader(this, runtime);
        this.leftovers = new LeftoverSegments(home, runtime.warmth());
        this.appender = new LogAppender(this, home, runtime, leftovers);
        this.cutter = new LogCutter(this, home, directory, runtime, leftovers);
        this.tasks = home.tasks();
    }

    LogId id() {
        return home.id();
    }

    /** The logs of the directory it lies in. */
    LogRegistry registry() {
        return registry;
    }

    LogView view() {
        return view;
    }

    LogConfig config() {
        return config;
    }

    void configure(LogConfig changed) {
        config = changed;
    }

    LogSync sync() {
        return sync;
    }

    /** Swaps the view for the next one; owner and maintenance may both have something to change. */
    synchronized LogView change(UnaryOperator<LogView> change) {
        view = change.apply(view);
        return view;
    }

    @Override
    public void append(List<Batch> batches) {
        checkGrowing();
        if (!batches.isEmpty()) {
            offsets().appended(id(), batches);
            appender.append(batches);
            flushLater();
        }
    }

    /** Has what was appended on disk in time, where a commit does not see to it. */
    private void flushLater() {
        var settings = config;
        if (settings.durability() == Durability.OS
                && settings.flushMillis() < Long.MAX_VALUE
                && isFlushDue.compareAndSet(false, true)) {
            runtime.timers().schedule(TimeUnit.MILLISECONDS.toNanos(settings.flushMillis()), () -> {
                isFlushDue.set(false);
                if (!closed.get()) {
                    sync.syncSoon();
                }
            });
        }
    }

    private void checkGrowing() {
        checkOwned();
        directory.checkOnline();
    }

    /** Before what changes the end or the start of the log, neither of which is settled while it is being truncated. */
    private void checkOwned() {
        checkOpen();
        if (isTruncating.get()) {
            throw new IllegalStateException("log " + id() + " is being truncated");
        }
    }

    @Override
    public List<LogSegment> segments() {
        return view.described();
    }

    @Override
    public void roll() {
        checkGrowing();
        appender.roll();
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        checkOpen();
        var range = new LogFiles.Range(firstOffset, endOffset);
        var old = view.closed(range);
        if (old.isEmpty() || endOffset - firstOffset > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("replacement of offsets " + firstOffset + " to " + endOffset + " of "
                    + id() + " refused: expected the bounds of closed segments, at most " + Integer.MAX_VALUE
                    + " offsets");
        }
        if (!replacing.compareAndSet(false, true)) {
            throw new IllegalStateException("segments of " + id() + " are being replaced already");
        }
        return new FileReplacement(this, new SegmentSwap(home, directory, range), old, () -> replacing.set(false));
    }

    PartitionDirectory home() {
        return home;
    }

    LogRuntime runtime() {
        return runtime;
    }

    /** Runs something beside the owner, in its turn with everything that changes the files of closed segments. */
    CompletionStage<Void> submit(String what, SerialTasks.Task task) {
        return tasks.submit(what, task);
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        return reader.read(from, upTo, maxBytes);
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        return reader.find(timestamp);
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        checkOwned();
        isTruncating.set(true);
        return tasks.submit("truncation of " + id(), () -> {
            try {
                cutter.truncateTo(endOffset);
            } finally {
                isTruncating.set(false);
            }
        });
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        checkOwned();
        if (startOffset <= view.start()) {
            return CompletableFuture.completedStage(null);
        }
        var removal = cutter.advanceStart(startOffset);
        return tasks.submit("start advance of " + id(), removal::finish);
    }

    @Override
    public LogOffsets offsets() {
        var seen = view;
        var end = seen.end();
        var durable =
                config.durability() == Durability.OS ? end : Math.max(seen.start(), Math.min(end, sync.durableEnd()));
        return new LogOffsets(seen.start(), seen.start(), end, durable, seen.maxTimestamp());
    }

    /** Whether everything that was appended is as durable as it has to be. */
    boolean isDurable() {
        var settings = config;
        var missing = view.end() - sync.durableEnd();
        return missing <= 0 || (settings.durability() == Durability.OS && missing < settings.flushRecords());
    }

    /** Someone waits for a commit of the log. */
    void commitAsked() {
        untoldCommits.incrementAndGet();
    }

    /** Someone who waited was told. */
    void commitTold() {
        untoldCommits.decrementAndGet();
    }

    /** Whether everyone who waited for a commit of the log was told. */
    boolean isQuiet() {
        return untoldCommits.get() == 0;
    }

    /** Notes for the next write of the recovery points up to where the log is durable, and in which segments; whether that has changed. */
    boolean noteRecoveryPoint() {
        return sync.note();
    }

    /** The same for its indexes. */
    boolean noteIndexPoint() {
        return indexPoint.note();
    }

    /** Makes the name of the first segment durable in the background, so that the second need not wait for it. */
    void nameFirstSegment() {
        sync.namesInBackground();
    }

    /**
     * Makes durable that nothing comes between the end of the log and an offset too far away to share a segment with it, where a file
     * begins that was written before: a recovery point without it would be one that the log ends before. It waits for the disk; hardly
     * anyone ever meets such a gap.
     *
     * @param written segments that nobody is shown yet, or not as a whole, and that lie before the gap
     */
    void bridgeGap(List<Segment> written, long nextOffset) throws IOException {
        sync.syncWritten(written);
        sync.syncNow();
        sync.bridge(nextOffset);
        sync.note();
        directory.writePoints();
    }

    /** Nothing above the end is durable, nor noted as such, whatever was expected of an append that failed. */
    void lowerTo(long end) {
        sync.lowerTo(end);
        try {
            directory.recoveryPoints().lower(id().toString(), end);
        } catch (IOException | StorageException e) {
            logger.warn("{}: that it ends at {} is not durable yet", id(), end, e);
        }
    }

    /**
     * Makes sure that the file of a segment is its own and that its indexes can be used, before it is read for the first time; may read
     * and write files. What is damaged in it is told to those who read it, and to nobody else.
     *
     * @throws StorageException.Corrupt if the file belongs to another segment, or if it is damaged and its indexes are, too
     */
    void look(Segment segment, Disk.File file) throws IOException {
        if (segment.hasSoundIndexes()) {
            return;
        }
        var reader = new SegmentReader(segment, file);
        try {
            if (!reader.indexesFit()) {
                cutter.rebuildIndexes(segment);
                return;
            }
            reader.checkEnd();
        } catch (StorageException.Corrupt damage) {
            if (!reader.isUsable()) {
                throw damage;
            }
            segment.keepIndexes();
            logger.warn(
                    "{}: the indexes of segment {} stay as they are: {}",
                    id(),
                    segment.baseOffset(),
                    damage.toString());
        }
        segment.foundSound();
    }

    /**
     * An entry of a segment's index does not name the batch that is there. Reads do without it; a closed segment is given other indexes,
     * unless it is the batch that is damaged, which is tried once.
     */
    void misled(Segment segment) {
        if (segment.isClosed() && segment.claimDoubt()) {
            var unused = tasks.submit("indexes of " + id(), () -> cutter.rebuildIndexes(segment))
                    .whenComplete((nothing, failure) -> {
                        if (failure != null) {
                            logger.warn(
                                    "{}: the indexes of segment {} stay as they are",
                                    id(),
                                    segment.baseOffset(),
                                    failure);
                        }
                    });
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            registry.closing(id(), tasks.submit("close of " + id(), () -> closeFiles(true)));
        }
    }

    /** Closes the log when its files are about to be deleted. */
    CompletionStage<Void> abandon() {
        return closed.compareAndSet(false, true)
                ? tasks.submit("close of " + id(), () -> closeFiles(false))
                : CompletableFuture.completedStage(null);
    }

    private void closeFiles(boolean durably) throws IOException {
        var seen = view;
        var isDone = false;
        try {
            if (durably) {
                leftovers.remove();
                for (var segment : seen.segments()) {
                    segment.close(home.disk());
                }
                sync.syncNow();
                noteRecoveryPoint();
            } else if (!directory.isOffline()) {
                // Until its files are gone the log may come back, and then as a whole.
                sync.leaveJournal();
            }
            isDone = true;
        } finally {
            if (!isDone) {
                registry.unrecovered(id());
            }
            sync.stop(durably && !isDone);
            seen.segments().forEach(Segment::retire);
            cutter.retireHidden();
        }
    }

    boolean isClosed() {
        return closed.get();
    }

    void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("log " + id() + " is closed");
        }
    }
}
