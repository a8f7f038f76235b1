package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.coordination.Leadership;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what was published. Owned by the test's thread. */
final class RecordingListener implements ImageListener {

    private final List<MetadataDelta> deltas = new ArrayList<>();
    private final List<Leadership> leaderships = new ArrayList<>();
    private long endOffset;
    private @Nullable Throwable failure;

    List<MetadataDelta> deltas() {
        return deltas;
    }

    List<Leadership> leaderships() {
        return leaderships;
    }

    MetadataImage image() {
        return deltas.isEmpty()
                ? MetadataImage.EMPTY
                : deltas.get(deltas.size() - 1).after();
    }

    long endOffset() {
        return endOffset;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    @Override
    public void published(MetadataDelta delta, long newEndOffset) {
        deltas.add(delta);
        endOffset = newEndOffset;
    }

    @Override
    public void leadership(Leadership leadership) {
        leaderships.add(leadership);
    }

    @Override
    public void failed(Throwable cause) {
        failure = cause;
    }
}
