package io.thalweg.coordinator.metadata;

import java.util.List;

/**
 * What changed from one published image to the next.
 *
 * @param before the image published last; {@link MetadataImage#EMPTY} the first time
 * @param after the image published now
 * @param topics topics and partitions that changed
 * @param brokers ids of brokers that were registered, removed or changed
 * @param configs resources for which another value is set than before
 */
public record MetadataDelta(
        MetadataImage before,
        MetadataImage after,
        TopicsDelta topics,
        List<Integer> brokers,
        List<ConfigResource> configs) {

    public MetadataDelta {
        brokers = List.copyOf(brokers);
        configs = List.copyOf(configs);
    }
}
