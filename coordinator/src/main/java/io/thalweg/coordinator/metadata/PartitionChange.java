package io.thalweg.coordinator.metadata;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A partition that was added to a topic or changed.
 *
 * @param topic the topic as it is now
 * @param before the partition as it was; null if it was added
 * @param after the partition as it is now
 */
public record PartitionChange(TopicImage topic, @Nullable PartitionImage before, PartitionImage after) {

    /** The partition as it was; empty if it was added. */
    public Optional<PartitionImage> previous() {
        return Optional.ofNullable(before);
    }
}
