package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/**
 * The note in a log directory that a log has come there from another one, which may still have it: while there is the note, this one
 * counts.
 *
 * <p>Five lines: the version 0, topic, partition, topic id and the id of the directory it came from, each after its name.
 */
record Arrival(LogId id, UUID from) {

    /** What its file is called, after the name of the log and the topic id. */
    static final String ENDING = "-moved";

    private static final int LINES = 5;

    ByteBuffer encode() {
        return StandardCharsets.UTF_8.encode("version: 0\ntopic: " + id.topic() + "\npartition: " + id.partition()
                + "\ntopic_id: " + id.topicId() + "\nfrom_directory_id: " + from + "\n");
    }

    /** The note; empty if the bytes are none. */
    static Optional<Arrival> decode(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (lines.size() != LINES || !lines.get(0).equals("version: 0")) {
            return Optional.empty();
        }
        try {
            var id = new LogId(
                    valueOf(lines.get(1)),
                    UUID.fromString(valueOf(lines.get(3))),
                    Integer.parseInt(valueOf(lines.get(2))));
            return Optional.of(new Arrival(id, UUID.fromString(valueOf(lines.get(4)))));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static String valueOf(String line) {
        return line.substring(line.indexOf(": ") + 2);
    }
}
