package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** The file {@code directory-id} of a log directory, whose value is an id as hexadecimal digits with hyphens. */
final class DirectoryIdentity {

    static final DirectoryNote NOTE = new DirectoryNote("directory-id", "directory_id");

    private DirectoryIdentity() {}

    /** The id of a directory that the caller has locked; it gets one if it has none. */
    static UUID of(LogDirectory directory, RandomGenerator random) throws IOException {
        var known = read(directory.disk(), directory.path());
        if (known.isPresent()) {
            return known.get();
        }
        var id = new UUID(random.nextLong(), random.nextLong());
        NOTE.write(directory, id.toString());
        return id;
    }

    /** The id of a directory, if it has one. */
    static Optional<UUID> read(Disk disk, Path directory) throws IOException {
        return NOTE.read(disk, directory, DirectoryIdentity::parse);
    }

    private static Optional<UUID> parse(String value) {
        try {
            return Optional.of(UUID.fromString(value));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
