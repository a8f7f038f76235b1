package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.Checkpoint;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Up to which offset a log is clean: a checkpoint at that offset, so that one above the end of a log goes with the batches it is about.
 *
 * <p>Its bytes are the text {@code 0}, the version, a line feed, the offset, and a line feed.
 */
final class CleanerCheckpoint {

    /** Kafka's name for its own. */
    static final String NAME = "cleaner-offset-checkpoint";

    private static final String VERSION = "0";

    private CleanerCheckpoint() {}

    static Checkpoint at(long offset) {
        var text = VERSION + "\n" + offset + "\n";
        return new Checkpoint(NAME, offset, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }
}
