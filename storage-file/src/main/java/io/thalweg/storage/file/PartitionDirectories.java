package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.LogId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directories of logs in a log directory, and the other names they have while they come or go: of copies on their way here, of what is
 * deleted, and of what is set aside. Any thread; calls about one log come one at a time.
 */
final class PartitionDirectories {

    /** The topic id of a directory that does not say whose it is. */
    static final UUID UNKNOWN_TOPIC_ID = new UUID(0, 0);

    private static final Logger log = LoggerFactory.getLogger(PartitionDirectories.class);

    private static final String DELETED = "-delete";
    private static final String STRAY = "-stray";
    private static final String FUTURE = "-future";
    private static final Pattern PARTITION = Pattern.compile("([a-zA-Z0-9._-]{1,249})-(0|[1-9][0-9]{0,9})");
    private static final int MAX_NAME_LENGTH = 255;

    private final LogDirectory directory;
    private final Disk disk;
    private final Path path;

    /** What was noted when the directory was listed. */
    private final List<Arrival> arrivals = new ArrayList<>();

    PartitionDirectories(LogDirectory directory) {
        this.directory = directory;
        this.disk = directory.disk();
        this.path = directory.path();
    }

    /** The logs that are here; what was to be deleted is removed, and copies that were not completed are. */
    List<LogId> find() throws IOException {
        var found = new ArrayList<LogId>();
        for (var entry : disk.list(path)) {
            var name = entry.getFileName().toString();
            var partition = PARTITION.matcher(name);
            if (name.endsWith(DELETED)) {
                removeIfPossible(entry);
            } else if (name.endsWith(FUTURE)) {
                remove(entry);
            } else if (name.endsWith(Arrival.ENDING)) {
                Arrival.decode(SmallFiles.read(disk, entry)).ifPresent(arrivals::add);
            } else if (partition.matches()) {
                found.add(owner(entry, partition.group(1), Integer.parseInt(partition.group(2))));
            }
        }
        return found;
    }

    /** The logs that came from other directories, which may still have them, as found by {@link #find}. */
    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Where the copy of a log is that is on its way here. */
    Path future(LogId id) {
        return renamed(id, FUTURE);
    }

    /** Notes durably that the copy of a log is about to become it. */
    void noteArrival(Arrival arrival) throws IOException {
        directory.replace(renamed(arrival.id(), Arrival.ENDING), arrival.encode());
    }

    /** Makes the copy the log, durably. Where that fails, nobody knows which of the two it is until the next start. */
    void arrive(LogId id) {
        try {
            disk.rename(future(id), path.resolve(id.toString()));
            directory.syncNames();
        } catch (IOException e) {
            throw directory.fail("the arrival of " + id, e);
        }
    }

    /** Forgets where a log came from: it is nowhere else any more. */
    void settle(LogId id) throws IOException {
        disk.delete(renamed(id, Arrival.ENDING));
        directory.syncNames();
    }

    /** Removes the copy of a log that does not come here. */
    void removeFuture(LogId id) throws IOException {
        remove(future(id));
    }

    private LogId owner(Path home, String topic, int partition) throws IOException {
        var restored = directory.journal().owner(topic, partition);
        return restored.isPresent() ? restored.get() : new LogId(topic, topicId(home), partition);
    }

    private UUID topicId(Path home) throws IOException {
        try {
            return PartitionMetadata.decode(SmallFiles.read(disk, home.resolve(PartitionMetadata.FILE_NAME)))
                    .orElse(UNKNOWN_TOPIC_ID);
        } catch (NoSuchFileException e) {
            return UNKNOWN_TOPIC_ID;
        }
    }

    /** Removes a partition's directory: after the rename, which is durable, it is gone whatever happens. */
    void delete(LogId id) throws IOException {
        directory.journal().forget(id);
        var doomed = renamed(id, DELETED);
        remove(doomed);
        try {
            disk.rename(path.resolve(id.toString()), doomed);
        } catch (NoSuchFileException e) {
            log.debug("{} has no directory to delete", id);
        }
        directory.syncNames();
        // First: on a full disk it makes the room that the notes take.
        removeIfPossible(doomed);
        directory.forget(id);
    }

    /**
     * Gives the directory of a log another name, under which it stays: it belongs to a topic that nobody knows any more, or that is not
     * known yet.
     */
    void setAside(LogId id) throws IOException {
        directory.journal().forget(id);
        directory.forget(id);
        var there = disk.list(path);
        var aside = renamed(id, STRAY);
        for (var number = 1; there.contains(aside); number++) {
            aside = renamed(id, "." + number + STRAY);
        }
        try {
            disk.rename(path.resolve(id.toString()), aside);
        } catch (NoSuchFileException e) {
            // It went when this was tried before, and the names could not be synced.
            log.debug("{} has no directory to set aside", id);
        }
        directory.syncNames();
        log.warn(
                "{} held topic id {}, and another topic has that name now: it was renamed to {}, and nothing uses it any more;"
                        + " delete it once its records are not needed",
                path.resolve(id.toString()),
                id.topicId(),
                aside);
    }

    private Path renamed(LogId id, String ending) {
        var suffix = "-" + id.partition() + "." + id.topicId().toString().replace("-", "") + ending;
        var topic = id.topic().substring(0, Math.min(id.topic().length(), MAX_NAME_LENGTH - suffix.length()));
        return path.resolve(topic + suffix);
    }

    private void removeIfPossible(Path gone) {
        try {
            remove(gone);
        } catch (IOException e) {
            log.warn("{} is deleted, and not all of it could be removed", gone, e);
        }
    }

    private void remove(Path gone) throws IOException {
        try {
            for (var file : disk.list(gone)) {
                disk.delete(file);
            }
            disk.delete(gone);
        } catch (NoSuchFileException | NotDirectoryException e) {
            log.debug("{} is gone already", gone);
        }
    }
}
