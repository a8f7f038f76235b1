package io.thalweg.storage.file;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log directories of an engine as they were found at its start: those that work, and those that do not. Immutable. */
final class LogDirectories {

    private static final Logger log = LoggerFactory.getLogger(LogDirectories.class);

    private final List<Path> paths;
    private final Map<Path, DirectoryStore> stores;

    /** Those that were there before, and neither work nor are configured. */
    private final List<Path> missing;

    private LogDirectories(List<Path> paths, Map<Path, DirectoryStore> stores, List<Path> missing) {
        this.paths = paths;
        this.stores = stores;
        this.missing = missing;
    }

    /**
     * Opens what can be opened.
     *
     * @throws StorageException if nothing can, if another broker has one of them, or if a log is in two
     */
    static LogDirectories open(Disk disk, List<Path> given, StorageContext context) {
        var paths = distinct(given);
        var warmth = new Warmth(context.config().value(FileStorage.WARM_BYTES));
        var scratch = new ScratchBuffers();
        var indexes = new IndexMemory();
        var openFiles = new OpenFiles(
                Math.min(context.config().value(FileStorage.OPEN_FILES), LocalDisk.descriptorLimit() / 2));
        var known = KnownDirectories.read(disk, paths, forgotten(context));
        var stores = new LinkedHashMap<Path, DirectoryStore>();
        StorageException first = null;
        try {
            for (var path : paths) {
                var site =
                        new DirectoryStore.Site(disk, path, stores.size(), known, warmth, scratch, indexes, openFiles);
                try {
                    stores.put(path, DirectoryStore.open(site, context));
                } catch (StorageException.Fenced e) {
                    throw e;
                } catch (StorageException e) {
                    first = first == null ? e : first;
                    log.error("log directory {} cannot be used, and its logs are offline", path, e);
                }
            }
            if (stores.isEmpty() && first != null) {
                throw first;
            }
            settleArrivals(stores.values());
            checkDistinct(stores.values());
            return new LogDirectories(paths, stores, missing(known, paths, stores));
        } catch (RuntimeException e) {
            stores.values().forEach(DirectoryStore::close);
            throw e;
        }
    }

    private static List<Path> forgotten(StorageContext context) {
        return context.config().value(FileStorage.LOG_DIRS_FORGET).stream()
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
    }

    /** Has those that are open know of each other; gives those that are missed. */
    private static List<Path> missing(KnownDirectories known, List<Path> paths, Map<Path, DirectoryStore> stores) {
        var missing = known.missing(stores.values(), unusable(paths, stores));
        if (!missing.isEmpty()) {
            log.error(
                    "log directories {} are missed: logs that are not in {} are offline; configure them again, or give these logs"
                            + " up for ever with log.dirs.forget",
                    missing,
                    stores.keySet());
        }
        try {
            known.write(stores.values());
        } catch (IOException | StorageException e) {
            log.warn("log directories {} could not be told of each other: {}", stores.keySet(), e.getMessage());
        }
        return List.copyOf(missing.values());
    }

    private static List<Path> unusable(List<Path> paths, Map<Path, DirectoryStore> stores) {
        return paths.stream().filter(path -> !stores.containsKey(path)).toList();
    }

    private static List<Path> distinct(List<Path> given) {
        var paths = new LinkedHashSet<Path>();
        for (var path : given) {
            if (!paths.add(path.toAbsolutePath().normalize())) {
                throw new ConfigException(
                        FileStorage.LOG_DIRS.name(),
                        given.toString(),
                        "each directory once, and not " + path + " twice");
            }
        }
        return List.copyOf(paths);
    }

    /** Where a crash has cut the end of a move short, the log that has arrived counts, and the other one goes. */
    private static void settleArrivals(Collection<DirectoryStore> stores) {
        for (var store : stores) {
            for (var arrival : store.directory().partitions().arrivals()) {
                try {
                    settle(arrival, store, stores);
                } catch (IOException e) {
                    throw store.runtime().failures().of("end of the move of " + arrival.id(), e);
                }
            }
        }
    }

    private static void settle(Arrival arrival, DirectoryStore store, Collection<DirectoryStore> stores)
            throws IOException {
        var id = arrival.id();
        var isSettled = !id.equals(store.logs().owner(id.toString()));
        for (var other : stores) {
            if (!isSettled && other.id().equals(arrival.from())) {
                if (id.equals(other.logs().owner(id.toString()))) {
                    log.info(
                            "{} was moved from {} to {}, and is removed from there now",
                            id,
                            other.path(),
                            store.path());
                    other.logs().departed(id);
                }
                isSettled = true;
            }
        }
        if (isSettled) {
            store.directory().partitions().settle(id);
        }
    }

    private static void checkDistinct(Iterable<DirectoryStore> stores) {
        Map<UUID, Path> byId = new TreeMap<>();
        Map<LogId, Path> byLog = new TreeMap<>(LogRegistry.ORDER);
        for (var store : stores) {
            var twin = byId.put(store.id(), store.path());
            if (twin != null) {
                throw new StorageException.Offline(
                        "log directories " + twin + " and " + store.path() + " have the same id " + store.id()
                                + ": one is a copy of the other; delete the file " + DirectoryIdentity.NOTE.fileName()
                                + " of the copy if both are to be used",
                        null);
            }
            for (var id : store.logs().known()) {
                var other = byLog.put(id, store.path());
                if (other != null) {
                    throw new StorageException.Offline(
                            "log " + id + " of topic id " + id.topicId() + " is in two log directories, " + other
                                    + " and " + store.path() + ": move one of the two away",
                            null);
                }
            }
        }
    }

    /** All of them, absolute, in the order of the configuration. */
    List<Path> paths() {
        return paths;
    }

    /** The store of a directory; null if that could not be opened. */
    @Nullable DirectoryStore storeAt(Path path) {
        return stores.get(path);
    }

    /** The stores of those that work. */
    List<DirectoryStore> stores() {
        return new ArrayList<>(stores.values());
    }

    /** Those that do not, and those that are missed. */
    List<Path> broken() {
        return Stream.concat(unusable(paths, stores).stream(), missing.stream()).toList();
    }
}
