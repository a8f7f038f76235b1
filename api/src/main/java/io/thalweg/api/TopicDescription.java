package io.thalweg.api;

import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A topic as it is now.
 *
 * @param id zero if the broker knows no topic ids
 * @param partitions in the order of their numbers
 * @param config the settings that were made for this topic
 */
public record TopicDescription(
        String name, UUID id, boolean isInternal, List<PartitionDescription> partitions, Map<String, String> config) {

    /** Copies the list and the map. */
    public TopicDescription {
        partitions = List.copyOf(partitions);
        config = Map.copyOf(config);
    }

    /** How many records the topic holds at most: offsets between start and end may be gone from within. */
    public long recordsCount() {
        return partitions.stream()
                .mapToLong(partition -> partition.endOffset() - partition.startOffset())
                .sum();
    }

    /**
     * One partition.
     *
     * @param leaderId -1 while it has none
     * @param startOffset the oldest offset; -1 if it was not asked for
     * @param endOffset the offset after the newest; -1 if it was not asked for
     */
    public record PartitionDescription(
            int partition,
            int leaderId,
            int leaderEpoch,
            List<Integer> replicas,
            List<Integer> isr,
            long startOffset,
            long endOffset) {}
}
