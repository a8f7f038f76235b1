package io.thalweg.broker.metadata;

import io.thalweg.coordinator.controller.ImageListener;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.spi.coordination.Leadership;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the id of the cluster, for a server that carries nothing out. Called on the controller's event loop. */
public final class FirstImage implements ImageListener {

    private static final Logger log = LoggerFactory.getLogger(FirstImage.class);

    private final CompletableFuture<String> clusterId = new CompletableFuture<>();

    /** Completes once the metadata log has been read that far. Any thread. */
    public CompletionStage<String> clusterId() {
        return clusterId;
    }

    @Override
    public void published(MetadataDelta delta, long endOffset) {
        var id = delta.after().cluster().id();
        if (id != null) {
            clusterId.complete(id);
        }
    }

    @Override
    public void leadership(Leadership leadership) {
        log.info(
                "the metadata log is led by {} in epoch {}",
                leadership.leaderId().isPresent() ? "node " + leadership.leaderId().getAsInt() : "nobody",
                leadership.epoch());
    }

    @Override
    public void failed(Throwable cause) {
        log.error("the metadata log cannot be followed any more; restart the server once its storage is sound", cause);
        clusterId.completeExceptionally(cause);
    }
}
