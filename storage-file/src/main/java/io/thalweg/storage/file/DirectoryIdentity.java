package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The file {@code directory-id} of a log directory: two lines, the version 0 and the id as hexadecimal digits with hyphens. */
final class DirectoryIdentity {

    private static final Logger log = LoggerFactory.getLogger(DirectoryIdentity.class);

    static final String FILE_NAME = "directory-id";

    private static final String VERSION_LINE = "version: 0";
    private static final String ID_PREFIX = "directory_id: ";

    private DirectoryIdentity() {}

    /** The id of a directory that the caller has locked; it gets one if it has none. */
    static UUID of(LogDirectory directory, RandomGenerator random) throws IOException {
        var known = read(directory.disk(), directory.path());
        if (known.isPresent()) {
            return known.get();
        }
        var id = new UUID(random.nextLong(), random.nextLong());
        directory.replace(directory.path().resolve(FILE_NAME), encode(id));
        return id;
    }

    /** The id of a directory, if it has one. */
    static Optional<UUID> read(Disk disk, Path directory) throws IOException {
        var file = directory.resolve(FILE_NAME);
        try {
            var id = decode(SmallFiles.read(disk, file));
            if (id.isEmpty()) {
                log.warn("{} is not the id of a directory; the directory gets a new one", file);
            }
            return id;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static ByteBuffer encode(UUID id) {
        return StandardCharsets.UTF_8.encode(VERSION_LINE + "\n" + ID_PREFIX + id + "\n");
    }

    /** The id; empty if the bytes are not such a file. */
    static Optional<UUID> decode(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (lines.size() != 2
                || !lines.get(0).equals(VERSION_LINE)
                || !lines.get(1).startsWith(ID_PREFIX)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(lines.get(1).substring(ID_PREFIX.length())));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
