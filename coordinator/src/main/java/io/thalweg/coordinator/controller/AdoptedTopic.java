package io.thalweg.coordinator.controller;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/**
 * A topic whose logs were there before the cluster.
 *
 * @param brokerId who has the logs, and is the only replica
 * @param leaderEpochs per partition, the greatest leader epoch in its log, or 0; the first leader's is above it
 * @param configs what is set for the topic; a value that it cannot have is left out
 */
public record AdoptedTopic(
        String name, UUID id, int brokerId, List<Integer> leaderEpochs, SortedMap<String, String> configs) {

    public AdoptedTopic {
        leaderEpochs = List.copyOf(leaderEpochs);
        configs = Collections.unmodifiableSortedMap(new TreeMap<>(configs));
    }
}
