package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Which directory a log lies in: the one that has it, else the one it was given, else one that is chosen. Any thread; calls about one log
 * come one at a time.
 *
 * <p>Chosen is, among the directories that work and have at least three quarters of the room of the one with most, that with the fewest
 * logs, and the first of those.
 */
final class Placement {

    private final List<DirectoryStore> stores;

    /** Logs that had no directory when they were asked for. */
    private final ConcurrentNavigableMap<LogId, DirectoryStore> given = new ConcurrentSkipListMap<>(LogRegistry.ORDER);

    Placement(List<DirectoryStore> stores) {
        this.stores = stores;
    }

    /** Where the log is, or was to be created; null if nobody knows of it. */
    @Nullable DirectoryStore find(LogId id) {
        for (var store : stores) {
            if (id.equals(store.logs().owner(id.toString()))) {
                return store;
            }
        }
        var store = given.get(id);
        return store == null ? adopting(id) : store;
    }

    /** The store with a directory of that name that does not say whose it is. */
    private @Nullable DirectoryStore adopting(LogId id) {
        for (var store : stores) {
            var owner = store.logs().owner(id.toString());
            if (owner != null && owner.topicId().equals(PartitionDirectories.UNKNOWN_TOPIC_ID)) {
                return store;
            }
        }
        return null;
    }

    /** Where the log is, or is to be created from now on; one after the other, so that each counts those placed before. */
    synchronized DirectoryStore place(LogId id) {
        var known = find(id);
        if (known != null) {
            return known;
        }
        var chosen = besideAnother(id);
        for (var store : stores) {
            if (store != chosen && store.logs().hasRestOf(id)) {
                chosen.logs().succeed(id, store.id());
            }
        }
        chosen.placed();
        given.put(id, chosen);
        return chosen;
    }

    /** A directory of that name which another topic or a deletion has left is done away with where it is, or there would be two. */
    private DirectoryStore besideAnother(LogId id) {
        for (var store : stores) {
            if (store.logs().isTaken(id.toString()) && !store.isOffline()) {
                return store;
            }
        }
        return roomiest(stores);
    }

    private static DirectoryStore roomiest(List<DirectoryStore> all) {
        var working = all.stream().filter(store -> !store.isOffline()).toList();
        var candidates = working.isEmpty() ? all : working;
        var most =
                candidates.stream().mapToLong(DirectoryStore::freeBytes).max().orElseThrow();
        return candidates.stream()
                .filter(store -> store.freeBytes() >= most - most / 4)
                .min(Comparator.comparingInt(DirectoryStore::logCount))
                .orElseThrow();
    }

    /** The logs that were given a place in a directory, and have no other. */
    List<LogId> givenTo(DirectoryStore store) {
        var ids = new ArrayList<LogId>();
        given.forEach((id, place) -> {
            if (place == store && find(id) == store) {
                ids.add(id);
            }
        });
        return ids;
    }

    /** The log lies in another directory now. */
    void moved(LogId id, DirectoryStore from, DirectoryStore to) {
        given.put(id, to);
        from.displaced();
        to.placed();
    }

    /** The log is gone. */
    void forget(LogId id) {
        given.remove(id);
    }
}
