package io.thalweg.coordinator.group.assign;

import java.util.List;
import java.util.SortedMap;
import java.util.UUID;

/** One way of spreading partitions; each partition of a topic with subscribers goes to exactly one of them. */
public interface PartitionAssignor {

    /**
     * What each member is to have; members that get nothing may be left out. Epochs in it are 0.
     *
     * @param subscribers in the order of their ids
     * @param partitionCounts of all topics that somebody subscribes to
     */
    SortedMap<String, AssignedPartitions> assign(
            List<Subscriber> subscribers, SortedMap<UUID, Integer> partitionCounts);
}
