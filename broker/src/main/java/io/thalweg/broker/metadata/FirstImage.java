package io.thalweg.broker.metadata;

import io.thalweg.coordinator.controller.ImageListener;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.coordination.Leadership;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the newest image, for a server that carries nothing out. Called on the controller's event loop; others only look. */
public final class FirstImage implements ImageListener {

    private static final Logger log = LoggerFactory.getLogger(FirstImage.class);

    private final CompletableFuture<String> clusterId = new CompletableFuture<>();
    private volatile MetadataImage known = MetadataImage.EMPTY;
    private volatile boolean leads;

    /** Completes once the metadata log has been read that far. Any thread. */
    public CompletionStage<String> clusterId() {
        return clusterId;
    }

    /** The newest image. */
    public MetadataImage known() {
        return known;
    }

    /** Whether this node leads the metadata log. */
    public boolean leads() {
        return leads;
    }

    @Override
    public void published(MetadataDelta delta, long endOffset) {
        known = delta.after();
        var id = delta.after().cluster().id();
        if (id != null) {
            clusterId.complete(id);
        }
    }

    @Override
    public void leadership(Leadership leadership) {
        leads = leadership.isLocal();
        log.info(
                "the metadata log is led by {} in epoch {}",
                leadership.leaderId().isPresent()
                        ? "node " + leadership.leaderId().getAsInt()
                        : "nobody",
                leadership.epoch());
    }

    @Override
    public void failed(Throwable cause) {
        log.error("the metadata log cannot be followed any more; restart the server once its storage is sound", cause);
        clusterId.completeExceptionally(cause);
    }
}
