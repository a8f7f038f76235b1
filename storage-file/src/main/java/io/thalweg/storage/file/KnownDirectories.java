package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which log directories an engine has had, so that one that comes back empty, or is left out of the settings, is missed: its logs would
 * begin anew, and offsets that were acknowledged would be given to other records.
 *
 * <p>Each directory keeps it in the file {@code log-directories}: the version 0 in the first line, then an id and an absolute path in each.
 * An engine that has ever had one directory only needs none.
 */
final class KnownDirectories {

    static final String FILE_NAME = "log-directories";

    private static final Logger log = LoggerFactory.getLogger(KnownDirectories.class);
    private static final String VERSION = "0";

    private final NavigableMap<UUID, Path> paths;

    private KnownDirectories(NavigableMap<UUID, Path> paths) {
        this.paths = paths;
    }

    /** What all of the directories that can be read know, but for those that the operator gives up. */
    static KnownDirectories read(Disk disk, List<Path> directories, Collection<Path> forgotten) {
        var all = new TreeMap<UUID, Path>();
        for (var directory : directories) {
            try {
                decode(SmallFiles.read(disk, directory.resolve(FILE_NAME))).ifPresent(all::putAll);
            } catch (NoSuchFileException e) {
                log.debug("{} knows of no other log directories", directory);
            } catch (IOException e) {
                log.warn("{} cannot be asked for the other log directories: {}", directory, e.getMessage());
            }
        }
        for (var directory : forgotten) {
            if (all.values().removeIf(directory::equals)) {
                log.warn("the logs that were in log directory {} are given up, as log.dirs.forget says", directory);
            }
        }
        return new KnownDirectories(all);
    }

    /**
     * Refuses a directory without an id that had one before.
     *
     * @throws StorageException.Offline with what to do
     */
    void checkNotEmptied(Disk disk, Path directory) throws IOException {
        if (paths.containsValue(directory)
                && DirectoryIdentity.read(disk, directory).isEmpty()) {
            throw new StorageException.Offline(
                    "log directory " + directory
                            + " had logs and is empty now: bring back what was there (is its disk mounted?),"
                            + " or give these logs up for ever with log.dirs.forget=" + directory,
                    null);
        }
    }

    /**
     * The directories that were left out of the settings, or have another in their place.
     *
     * @param broken those that are configured and could not be opened, any of which they may be
     */
    NavigableMap<UUID, Path> missing(Collection<DirectoryStore> open, Collection<Path> broken) {
        var missing = new TreeMap<>(paths);
        open.forEach(store -> missing.remove(store.id()));
        missing.values().removeIf(broken::contains);
        return missing;
    }

    /** Has each of the open directories know all of them, and those that are missed. */
    void write(Collection<DirectoryStore> open) throws IOException {
        var all = new TreeMap<>(paths);
        open.forEach(store -> all.put(store.id(), store.path()));
        if (all.size() == 1 && paths.isEmpty()) {
            return;
        }
        for (var store : open) {
            var directory = store.directory();
            var file = directory.path().resolve(FILE_NAME);
            if (!isWritten(directory.disk(), file, all)) {
                directory.replace(file, encode(all));
            }
        }
    }

    private static boolean isWritten(Disk disk, Path file, NavigableMap<UUID, Path> all) throws IOException {
        try {
            return decode(SmallFiles.read(disk, file)).filter(all::equals).isPresent();
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    static ByteBuffer encode(NavigableMap<UUID, Path> directories) {
        var lines = new StringBuilder(VERSION).append('\n');
        directories.forEach(
                (id, path) -> lines.append(id).append(' ').append(path).append('\n'));
        return StandardCharsets.UTF_8.encode(lines.toString());
    }

    /** The directories; empty if the bytes are not such a file. */
    static Optional<NavigableMap<UUID, Path>> decode(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(VERSION)) {
            return Optional.empty();
        }
        var directories = new TreeMap<UUID, Path>();
        for (var line : lines.subList(1, lines.size())) {
            var space = line.indexOf(' ');
            try {
                directories.put(UUID.fromString(line.substring(0, space)), Path.of(line.substring(space + 1)));
            } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
                return Optional.empty();
            }
        }
        return Optional.of(directories);
    }
}
