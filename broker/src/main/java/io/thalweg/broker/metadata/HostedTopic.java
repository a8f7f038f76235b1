package io.thalweg.broker.metadata;

import io.thalweg.broker.config.TopicSettings;
import io.thalweg.broker.partition.Partition;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A topic as the request handlers see it; immutable.
 *
 * @param partitions by number; those led elsewhere are there as well and have no leader here
 * @param settings the topic's settings over the broker's
 */
public record HostedTopic(String name, UUID id, List<Partition> partitions, TopicSettings settings) {

    public HostedTopic {
        partitions = List.copyOf(partitions);
    }

    /** The partition of this number, or null if there is none. */
    public @Nullable Partition partition(int index) {
        return index >= 0 && index < partitions.size() ? partitions.get(index) : null;
    }
}
