package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.spi.coordination.Leadership;

/**
 * Hears of each new image. Called on the controller's event loop; must not block.
 *
 * <p>The first image comes once everything that was in the log at the start is replayed; then one comes for each entry. A requester is
 * answered only after the image with what it asked for has been published.
 */
public interface ImageListener {

    /**
     * There is a new image.
     *
     * @param delta the image and what changed since the last one published
     * @param endOffset the image has every entry of the log below this offset
     */
    void published(MetadataDelta delta, long endOffset);

    /** Another controller, or none; follows the image that was current then. */
    void leadership(Leadership leadership);

    /** The metadata log cannot be followed any further; no other call comes, and what was published last grows old. */
    void failed(Throwable cause);
}
