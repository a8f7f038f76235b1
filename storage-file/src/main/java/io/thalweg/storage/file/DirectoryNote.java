package io.thalweg.storage.file;

import io.thalweg.spi.storage.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A small file of a log directory that says one thing: two lines, the version 0, and a key with its value. */
record DirectoryNote(String fileName, String key) {

    private static final Logger log = LoggerFactory.getLogger(DirectoryNote.class);
    private static final String VERSION_LINE = "version: 0";

    /**
     * What the file of a directory says; empty if there is none, or one that is not such a file.
     *
     * @param parser gives nothing for what cannot be the value
     */
    <T> Optional<T> read(Disk disk, Path directory, Function<String, Optional<T>> parser) throws IOException {
        var file = directory.resolve(fileName);
        try {
            var value = decode(SmallFiles.read(disk, file)).flatMap(parser);
            if (value.isEmpty()) {
                log.warn("{} does not say the {} of its directory, and is written anew", file, key);
            }
            return value;
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /** Has the file say this; durable when it returns. */
    void write(LogDirectory directory, String value) throws IOException {
        directory.replace(directory.path().resolve(fileName), encode(value));
    }

    ByteBuffer encode(String value) {
        return StandardCharsets.UTF_8.encode(VERSION_LINE + "\n" + key + ": " + value + "\n");
    }

    /** The value; empty if the bytes are not such a file. */
    Optional<String> decode(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        return lines.size() == 2
                        && lines.get(0).equals(VERSION_LINE)
                        && lines.get(1).startsWith(key + ": ")
                ? Optional.of(lines.get(1).substring(key.length() + 2))
                : Optional.empty();
    }
}
