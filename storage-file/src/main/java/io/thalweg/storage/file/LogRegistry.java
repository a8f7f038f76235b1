package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * Which logs a log directory holds, which are open, and which are on their way out. Any thread; calls about one log come one at a
 * time.
 *
 * <p>A directory is named by topic and partition. One that is being closed or deleted is waited for before a log of that name opens.
 */
final class LogRegistry {

    static final Comparator<LogId> ORDER = Comparator.comparing(LogId::topic)
            .thenComparingInt(LogId::partition)
            .thenComparing(LogId::topicId);

    private final LogDirectory directory;
    private final LogRuntime runtime;
    private final ConcurrentNavigableMap<String, LogId> known = new ConcurrentSkipListMap<>();

    /** Directories whose logs a crash has left and nobody has recovered since. */
    private final ConcurrentSkipListSet<String> unrecovered = new ConcurrentSkipListSet<>();

    /** Whose files, or what is noted of them, are to be deleted or could not all be, by their names. */
    private final ConcurrentNavigableMap<String, LogId> undeleted = new ConcurrentSkipListMap<>();

    /** Logs of which another directory, by its id, has something left that cannot be deleted. */
    private final ConcurrentNavigableMap<LogId, UUID> succeeding = new ConcurrentSkipListMap<>(ORDER);

    private final ConcurrentNavigableMap<LogId, PartitionDirectory> homes = new ConcurrentSkipListMap<>(ORDER);
    private final ConcurrentNavigableMap<LogId, CompletableFuture<PartitionLog>> open =
            new ConcurrentSkipListMap<>(ORDER);
    private final ConcurrentNavigableMap<String, CompletionStage<Void>> leaving = new ConcurrentSkipListMap<>();
    private volatile boolean closing;

    private LogRegistry(LogDirectory directory, LogRuntime runtime) {
        this.directory = directory;
        this.runtime = runtime;
    }

    /** Lists the directory and reads its checkpoints. */
    static LogRegistry find(LogDirectory directory, LogRuntime runtime) throws IOException {
        var registry = new LogRegistry(directory, runtime);
        var isClean = directory.takeCleanShutdown();
        if (!isClean) {
            // What is read next may have been renamed by a process that died before that was durable.
            directory.syncNames();
        }
        directory.journal().recover(isClean, runtime.maintenance());
        for (var id : directory.partitions().find()) {
            registry.known.put(id.toString(), id);
            if (!isClean) {
                registry.unrecovered.add(id.toString());
            }
        }
        directory.loadCheckpoints(registry.known.keySet());
        return registry;
    }

    LogDirectory directory() {
        return directory;
    }

    List<LogId> known() {
        return List.copyOf(known.values());
    }

    /** Whose directory of this name it is; null if there is none. */
    @Nullable LogId owner(String name) {
        return known.get(name);
    }

    /** Whether there is a directory of this name, or what a deletion has left of one. */
    boolean isTaken(String name) {
        return known.containsKey(name) || undeleted.containsKey(name);
    }

    /** Whether a deletion has left something of a log. */
    boolean hasRestOf(LogId id) {
        return id.equals(undeleted.get(id.toString()));
    }

    /** A log is about to be created here of which another directory has something left: should both be found, this one counts. */
    void succeed(LogId id, UUID other) {
        succeeding.put(id, other);
    }

    /** The bytes of the batches of a log, open or not. */
    long sizeInBytes(LogId id) throws IOException {
        var opened = open.get(id);
        if (opened != null && opened.isDone() && !opened.isCompletedExceptionally()) {
            return ((FileLog) opened.join()).view().sizeInBytes();
        }
        var size = 0L;
        for (var path : directory.disk().list(home(id).path())) {
            if (LogFiles.offsetIn(path, LogFiles.LOG).isPresent()) {
                try (var file = directory.disk().open(path, false)) {
                    size += file.size();
                }
            }
        }
        return size;
    }

    /** Completes once a log that was closed is, with what it failed with if it did. */
    CompletionStage<Void> left(LogId id) {
        var closing = leaving.get(id.toString());
        return closing == null ? CompletableFuture.completedStage(null) : closing;
    }

    /** Notes durably where a log begins and is durable that is about to come here, where nothing may be left of another of its name. */
    void expect(LogId id, LogView view) throws IOException {
        var name = id.toString();
        settleRest(id);
        directory.startOffsets().put(name, view.start());
        directory.recoveryPoints().put(name, view.end());
        directory.manifest().reduce(name, chain -> null);
        directory.startOffsets().writeNow();
        directory.writePoints();
    }

    /** Forgets what {@link #expect} has noted: the log does not come, and a later one of its name is another. */
    void expectNoMore(LogId id) throws IOException {
        directory.forget(id);
    }

    /** A log has come from another directory. */
    void arrived(LogId id) {
        known.put(id.toString(), id);
        homes.remove(id);
    }

    /** Removes what is left of a log that has gone to another directory. */
    void departed(LogId id) throws IOException {
        known.remove(id.toString(), id);
        homes.remove(id);
        undeleted.put(id.toString(), id);
        deleteRest(id);
    }

    /** Whether nothing is open or on its way out any more. */
    boolean isAllClosed() {
        return open.isEmpty() && leaving.isEmpty();
    }

    /** Whether a clean shutdown may be claimed for every log. */
    boolean isAllRecovered() {
        return unrecovered.isEmpty();
    }

    void unrecovered(LogId id) {
        unrecovered.add(id.toString());
    }

    /** The logs that are open now. */
    List<FileLog> open() {
        var logs = new ArrayList<FileLog>();
        for (var future : open.values()) {
            if (future.isDone() && !future.isCompletedExceptionally()) {
                logs.add((FileLog) future.join());
            }
        }
        return logs;
    }

    FileLog opened(LogId id) {
        var future = open.get(id);
        if (future == null || !future.isDone() || future.isCompletedExceptionally()) {
            throw new IllegalStateException("log " + id + " is not open");
        }
        return (FileLog) future.join();
    }

    PartitionDirectory home(LogId id) {
        return homes.computeIfAbsent(
                id,
                key -> new PartitionDirectory(
                        directory,
                        runtime,
                        id,
                        id.equals(known.get(id.toString())),
                        () -> known.put(id.toString(), id)));
    }

    CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        try {
            // One that is open still could be read, and would pass for one that can be written to.
            directory.checkOnline();
        } catch (StorageException.Offline e) {
            return CompletableFuture.failedStage(e);
        }
        var mine = new CompletableFuture<PartitionLog>();
        var earlier = open.putIfAbsent(id, mine);
        if (earlier != null) {
            return earlier;
        }
        var before = leaving.get(id.toString());
        if (before == null) {
            start(id, config, mine);
        } else {
            before.whenComplete((done, error) -> start(id, config, mine));
        }
        return mine;
    }

    private void start(LogId id, LogConfig config, CompletableFuture<PartitionLog> opening) {
        var owner = known.get(id.toString());
        if (undeleted.containsKey(id.toString()) || succeeding.containsKey(id)) {
            runtime.maintenance().execute(() -> openAfterRest(id, config, opening));
        } else if (owner == null) {
            opening.complete(new FileLog(home(id), this, runtime, config, LogLoader.Loaded.NOTHING));
        } else if (owner.equals(id) || owner.topicId().equals(PartitionDirectories.UNKNOWN_TOPIC_ID)) {
            runtime.maintenance().execute(() -> load(id, config, opening));
        } else if (open.containsKey(owner)) {
            open.remove(id, opening);
            opening.completeExceptionally(new StorageException.Busy("open of " + id + " with topic id " + id.topicId()
                    + " refused: the log of topic id " + owner.topicId() + " is open there, delete it first"));
        } else {
            runtime.maintenance().execute(() -> openBeside(owner, id, config, opening));
        }
    }

    private void deleteRest(LogId rest) throws IOException {
        directory.partitions().delete(rest);
        undeleted.remove(rest.toString(), rest);
        unrecovered.remove(rest.toString());
    }

    /**
     * What is left of a log of that name would count for it after a restart: it goes, or if it is elsewhere, a note says that this one
     * counts.
     */
    private void settleRest(LogId id) throws IOException {
        var rest = undeleted.get(id.toString());
        if (rest != null) {
            deleteRest(rest);
        }
        var other = succeeding.get(id);
        if (other != null) {
            directory.partitions().noteArrival(new Arrival(id, other));
            succeeding.remove(id);
        }
    }

    private void openAfterRest(LogId id, LogConfig config, CompletableFuture<PartitionLog> opening) {
        try {
            settleRest(id);
            start(id, config, opening);
        } catch (IOException e) {
            open.remove(id, opening);
            opening.completeExceptionally(runtime.failures().of("open of " + id, e));
        } catch (RuntimeException e) {
            open.remove(id, opening);
            opening.completeExceptionally(e);
        }
    }

    /** Opens a log whose directory another topic of that name has left. */
    private void openBeside(LogId stray, LogId id, LogConfig config, CompletableFuture<PartitionLog> opening) {
        try {
            known.remove(id.toString(), stray);
            homes.remove(stray);
            directory.partitions().setAside(stray);
            unrecovered.remove(id.toString());
            opening.complete(new FileLog(home(id), this, runtime, config, LogLoader.Loaded.NOTHING));
        } catch (IOException e) {
            known.put(id.toString(), stray);
            open.remove(id, opening);
            opening.completeExceptionally(runtime.failures().of("open of " + id, e));
        } catch (RuntimeException e) {
            known.put(id.toString(), stray);
            open.remove(id, opening);
            opening.completeExceptionally(e);
        }
    }

    private void load(LogId id, LogConfig config, CompletableFuture<PartitionLog> opening) {
        try {
            opening.complete(load(id, config));
        } catch (IOException e) {
            open.remove(id, opening);
            opening.completeExceptionally(runtime.failures().of("open of " + id, e));
        } catch (RuntimeException e) {
            open.remove(id, opening);
            opening.completeExceptionally(e);
        }
    }

    private FileLog load(LogId id, LogConfig config) throws IOException {
        // What is found could not be made durable.
        directory.checkOnline();
        var name = id.toString();
        var home = home(id);
        if (!id.equals(known.get(name))) {
            home.writeMetadata();
            // Not before: what could not be written, as on a full disk, is written by the next try.
            known.put(name, id);
        }
        if (unrecovered.contains(name)) {
            home.foundAfterCrash();
        }
        var loaded = new LogLoader(home, directory, runtime, found(name, config)).load();
        if (closing) {
            loaded.view().segments().forEach(Segment::retire);
            throw new StorageException.Offline("open of " + id + " was overtaken by the close of its engine", null);
        }
        unrecovered.remove(name);
        // Another program may have left none; its beginning would not be missed then.
        directory.startOffsets().raise(name, loaded.view().start());
        return new FileLog(home, this, runtime, config, loaded);
    }

    private LogLoader.Found found(String name, LogConfig config) {
        var chain = directory.manifest().chain(name);
        return new LogLoader.Found(
                !unrecovered.contains(name),
                // Where the file of recovery points is lost, what the manifest lists is still known to be durable.
                Math.max(
                        directory.recoveryPoints().offset(name),
                        chain.map(SegmentChain::end).orElse(0L)),
                directory.indexPoints().offset(name),
                directory.startOffsets().offset(name),
                chain,
                config.indexIntervalBytes());
    }

    /** Takes note of a log that is closing. */
    void closing(LogId id, CompletionStage<Void> done) {
        open.remove(id);
        leave(id.toString(), done);
    }

    private void leave(String name, CompletionStage<Void> done) {
        leaving.put(name, done);
        done.whenComplete((ignored, error) -> leaving.remove(name, done));
    }

    CompletionStage<Void> delete(LogId id) {
        var name = id.toString();
        var deleted = new CompletableFuture<Void>();
        var before = leaving.get(name);
        leave(name, deleted);
        var opened = open.remove(id);
        var closed = opened == null
                ? CompletableFuture.<Void>completedStage(null)
                : opened.handle((log, error) -> log).thenCompose(log -> abandon(log));
        var isHere = known.remove(name, id);
        if (isHere) {
            undeleted.put(name, id);
        }
        homes.remove(id);
        succeeding.remove(id);
        Countdown.of(before == null ? List.of(closed) : List.of(before, closed)).whenComplete((ignored, error) -> {
            if (isHere) {
                runtime.maintenance().execute(() -> deleteFiles(id, deleted));
            } else {
                deleted.complete(null);
            }
        });
        return deleted;
    }

    private static CompletionStage<Void> abandon(@Nullable PartitionLog log) {
        return log == null ? CompletableFuture.completedStage(null) : ((FileLog) log).abandon();
    }

    private void deleteFiles(LogId id, CompletableFuture<Void> deleted) {
        try {
            deleteRest(id);
            deleted.complete(null);
        } catch (IOException e) {
            deleted.completeExceptionally(runtime.failures().of("deletion of " + id, e));
        } catch (RuntimeException e) {
            deleted.completeExceptionally(e);
        }
    }

    /** Closes every open log; those that are just opening will not open. */
    void close() {
        closing = true;
        open().forEach(FileLog::close);
    }
}
