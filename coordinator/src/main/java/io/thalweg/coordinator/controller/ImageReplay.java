package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.Message;
import io.thalweg.spi.coordination.MetadataLog;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The image that the log has led to so far; publishes it, and keeps snapshots of it. Owned by the controller's event loop.
 *
 * <p>Nothing is published before the log has told its first leadership, which it does once everything old is replayed.
 */
final class ImageReplay {

    private static final Logger LOG = LoggerFactory.getLogger(ImageReplay.class);

    private final MetadataLog log;
    private final ImageListener listener;
    private final int snapshotRecords;

    private MetadataImage image = MetadataImage.EMPTY;
    private MetadataImage published = MetadataImage.EMPTY;
    private long endOffset;
    private boolean isCaughtUp;
    private boolean isSnapshotting;
    private long recordsSinceSnapshot;

    ImageReplay(MetadataLog log, ImageListener listener, int snapshotRecords) {
        this.log = log;
        this.listener = listener;
        this.snapshotRecords = snapshotRecords;
    }

    MetadataImage image() {
        return image;
    }

    /** Starts again from a snapshot. */
    void snapshot(long newEndOffset, List<Message> records) {
        image = MetadataRecords.replay(MetadataImage.EMPTY, records);
        endOffset = newEndOffset;
        recordsSinceSnapshot = 0;
        if (isCaughtUp) {
            publish();
        }
    }

    /** Goes on with an entry. */
    void entry(long offset, List<Message> records) {
        image = MetadataRecords.replay(image, records);
        endOffset = offset + 1;
        recordsSinceSnapshot += records.size();
        if (isCaughtUp) {
            publish();
        }
    }

    /** Everything old is replayed. */
    void caughtUp() {
        if (!isCaughtUp) {
            isCaughtUp = true;
            publish();
        }
    }

    private void publish() {
        var delta = image.since(published);
        published = image;
        listener.published(delta, endOffset);
    }

    /** Whether there is so much after the last snapshot that another is due. */
    boolean isSnapshotDue() {
        return isCaughtUp && !isSnapshotting && recordsSinceSnapshot >= snapshotRecords;
    }

    /** Keeps a snapshot; {@code done} is called on the log's thread. */
    void keepSnapshot(Runnable done) {
        isSnapshotting = true;
        recordsSinceSnapshot = 0;
        var records = MetadataRecords.encode(ImageRecords.of(image));
        long snapshotOffset = endOffset;
        LOG.debug("keeping a snapshot of {} records below offset {}", records.size(), snapshotOffset);
        log.snapshot(snapshotOffset, records).whenComplete((kept, error) -> {
            if (error instanceof IllegalStateException) {
                LOG.debug("the metadata log was closed before its snapshot was kept", error);
            } else if (error != null) {
                LOG.warn("snapshot below offset {} was not kept: the metadata log grows on", snapshotOffset, error);
            }
            done.run();
        });
    }

    void snapshotEnded() {
        isSnapshotting = false;
    }
}
