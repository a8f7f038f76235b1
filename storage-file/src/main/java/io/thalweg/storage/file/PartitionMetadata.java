package io.thalweg.storage.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/** The file {@code partition.metadata}: two lines, the version 0 and the topic id in URL-safe base 64 without padding. */
final class PartitionMetadata {

    static final String FILE_NAME = "partition.metadata";

    private static final String VERSION_LINE = "version: 0";
    private static final String ID_PREFIX = "topic_id: ";
    private static final int ID_BYTES = 16;

    private PartitionMetadata() {}

    static ByteBuffer encode(UUID topicId) {
        var bytes = ByteBuffer.allocate(ID_BYTES)
                .putLong(topicId.getMostSignificantBits())
                .putLong(topicId.getLeastSignificantBits());
        var id = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
        return ByteBuffer.wrap((VERSION_LINE + "\n" + ID_PREFIX + id + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** The topic id; empty if the bytes are not such a file. */
    static Optional<UUID> decode(ByteBuffer bytes) {
        var lines = StandardCharsets.UTF_8.decode(bytes).toString().lines().toList();
        if (lines.size() != 2
                || !lines.get(0).equals(VERSION_LINE)
                || !lines.get(1).startsWith(ID_PREFIX)) {
            return Optional.empty();
        }
        try {
            var id = ByteBuffer.wrap(Base64.getUrlDecoder().decode(lines.get(1).substring(ID_PREFIX.length())));
            return id.remaining() == ID_BYTES ? Optional.of(new UUID(id.getLong(), id.getLong())) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
