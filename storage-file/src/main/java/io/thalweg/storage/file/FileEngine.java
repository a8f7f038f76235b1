package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The logs of all log directories, each in the store of the one it lies in. Any thread. */
final class FileEngine implements SegmentedEngine, PlacedEngine {

    private final LogDirectories directories;
    private final List<DirectoryStore> stores;
    private final Placement placement;

    /** Logs that no directory has, also none that cannot be looked into. */
    private final ConcurrentSkipListSet<LogId> announced = new ConcurrentSkipListSet<>(LogRegistry.ORDER);

    private final ConcurrentNavigableMap<LogId, FileMove> moves = new ConcurrentSkipListMap<>(LogRegistry.ORDER);

    private final Clock clock;
    private final Timers timers;
    private final AtomicBoolean closed = new AtomicBoolean();

    private FileEngine(LogDirectories directories, StorageContext context) {
        this.clock = context.clock();
        this.timers = context.timers();
        this.directories = directories;
        this.stores = directories.stores();
        this.placement = new Placement(stores);
    }

    /** Opens the directories; at least one has to work. */
    static FileEngine open(Disk disk, List<Path> paths, StorageContext context) {
        return new FileEngine(LogDirectories.open(disk, paths, context), context);
    }

    @Override
    public List<UUID> directoryIds() {
        return stores.stream().map(DirectoryStore::id).toList();
    }

    @Override
    public List<UUID> failedDirectoryIds() {
        return stores.stream()
                .filter(DirectoryStore::isOffline)
                .map(DirectoryStore::id)
                .toList();
    }

    @Override
    public Set<String> clusterIds() {
        return stores.stream().flatMap(store -> store.cluster().id().stream()).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public void noteCluster(String clusterId) {
        stores.forEach(store -> store.cluster().note(clusterId));
    }

    @Override
    public CompletionStage<List<DirectoryImage>> directories() {
        checkOpen();
        var images = new ArrayList<CompletableFuture<DirectoryImage>>();
        for (var path : directories.paths()) {
            var store = directories.storeAt(path);
            var image = store == null
                    ? CompletableFuture.completedFuture(DirectoryImage.offline(path))
                    : store.image(placement.givenTo(store), copiesIn(store)).toCompletableFuture();
            images.add(image);
        }
        return CompletableFuture.allOf(images.toArray(CompletableFuture[]::new))
                .thenApply(done -> images.stream().map(CompletableFuture::join).toList());
    }

    private List<DirectoryImage.Held> copiesIn(DirectoryStore store) {
        return moves.values().stream()
                .filter(move -> move.to() == store && !move.isEnded())
                .map(FileMove::held)
                .toList();
    }

    @Override
    public Move move(LogId id, Path directory, long bytesPerSecond) {
        checkOpen();
        var to = directories.storeAt(directory);
        var from = placement.find(id);
        if (!directories.paths().contains(directory) || from == null || from == to) {
            throw new IllegalArgumentException("move of " + id + " to " + directory + " refused: it is in "
                    + (from == null ? "none" : from.path()) + " of " + directories.paths());
        }
        if (to == null || to.isOffline()) {
            throw new StorageException.Offline(
                    "move of " + id + " to " + directory + " refused: that directory is offline", null);
        }
        var move = new FileMove(
                from.logs().opened(id), from, to, new FileMove.Pace(bytesPerSecond, clock, timers), placement);
        var before = moves.get(id);
        if (before != null && !before.isEnded()) {
            throw new IllegalStateException("move of " + id + " to " + directory + " refused: it is on its way to "
                    + before.to().path());
        }
        moves.put(id, move);
        move.begin(before == null ? CompletableFuture.completedStage(null) : before.settled());
        return move;
    }

    @Override
    public void announce(LogId id) {
        if (!directories.broken().isEmpty()) {
            announced.add(id);
        }
    }

    @Override
    public List<LogId> logs() {
        checkOpen();
        var all = new ArrayList<LogId>();
        stores.forEach(store -> all.addAll(store.logs().known()));
        return all;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        checkOpen();
        var hidden = hidden(id);
        return hidden == null ? placement.place(id).logs().open(id, config) : CompletableFuture.failedStage(hidden);
    }

    /** Why a log may be where nobody can look; null if it is not. */
    private StorageException.@Nullable Offline hidden(LogId id) {
        var broken = directories.broken();
        if (broken.isEmpty() || announced.contains(id) || placement.find(id) != null) {
            return null;
        }
        return new StorageException.Offline(
                "log " + id + " is in none of the directories that work; it may be in " + broken + ", which "
                        + (broken.size() == 1 ? "does" : "do") + " not",
                null);
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        checkOpen();
        placement.place(id).logs().opened(id).configure(config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> dirty) {
        checkOpen();
        if (stores.size() == 1) {
            return stores.get(0).commit(dirty.stream().map(FileLog.class::cast).toList());
        }
        var parts = new ArrayList<CompletionStage<Void>>();
        for (var store : stores) {
            var mine = dirty.stream()
                    .map(FileLog.class::cast)
                    .filter(file -> file.registry() == store.logs())
                    .toList();
            if (!mine.isEmpty()) {
                parts.add(store.commit(mine));
            }
        }
        return Countdown.of(parts);
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        checkOpen();
        var hidden = hidden(id);
        return hidden == null ? placement.place(id).checkpoints(id) : new OfflineCheckpoints(hidden);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        checkOpen();
        var move = moves.remove(id);
        if (move != null) {
            move.close();
        }
        var store = Objects.requireNonNullElse(placement.find(id), stores.get(0));
        placement.forget(id);
        announced.remove(id);
        return store.delete(id);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            moves.values().forEach(FileMove::stop);
            stores.forEach(DirectoryStore::close);
        }
    }

    private void checkOpen() {
        if (closed.get()) {
            throw new IllegalStateException("the engine of " + directories.paths() + " is closed");
        }
    }
}
