package io.thalweg.coordinator.ratis;

import io.thalweg.spi.config.ConfigException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code node-id} of a voter's directory: two lines, the version 0 and the node's id. A node that began with the log and the vote
 * of another one would let it vote twice.
 */
final class NodeIdFile {

    private static final Logger log = LoggerFactory.getLogger(NodeIdFile.class);

    static final String FILE_NAME = "node-id";

    private static final String VERSION_LINE = "version: 0";
    private static final String ID_PREFIX = "node_id: ";

    private NodeIdFile() {}

    /**
     * Notes in a directory whose it is, unless that is known.
     *
     * @throws ConfigException if it is another node's
     */
    static void claim(Path directory, int nodeId) throws IOException {
        var file = directory.resolve(FILE_NAME);
        var owner = Files.exists(file) ? read(file) : OptionalInt.empty();
        if (owner.isEmpty()) {
            Files.createDirectories(directory);
            write(file, nodeId);
        } else if (owner.getAsInt() != nodeId) {
            throw new ConfigException("node.id=" + nodeId + " refused: the metadata log in " + directory
                    + " is that of node " + owner.getAsInt() + "; start it with node.id=" + owner.getAsInt()
                    + ", or give this node another log.dirs or metadata.log.dir");
        }
    }

    private static OptionalInt read(Path file) throws IOException {
        var lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
        if (lines.size() == 2
                && lines.get(0).equals(VERSION_LINE)
                && lines.get(1).matches(ID_PREFIX + "\\d{1,10}")) {
            var id = Long.parseLong(lines.get(1).substring(ID_PREFIX.length()));
            if (id <= Integer.MAX_VALUE) {
                return OptionalInt.of((int) id);
            }
        }
        log.warn("{} does not say whose directory this is, and is written anew", file);
        return OptionalInt.empty();
    }

    private static void write(Path file, int nodeId) throws IOException {
        var text = VERSION_LINE + "\n" + ID_PREFIX + nodeId + "\n";
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
