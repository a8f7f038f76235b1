package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.OffsetCommitKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The committed offsets by group, topic and partition. Owned by the coordinator's event loop. */
final class OffsetTable {

    private final TreeMap<String, SortedMap<String, SortedMap<Integer, CommittedOffset>>> groups = new TreeMap<>();

    void put(OffsetCommitKey key, CommittedOffset offset) {
        groups.computeIfAbsent(key.group(), first -> new TreeMap<>())
                .computeIfAbsent(key.topic(), first -> new TreeMap<>())
                .put(key.partition(), offset);
    }

    void remove(OffsetCommitKey key) {
        var topics = groups.get(key.group());
        var partitions = topics == null ? null : topics.get(key.topic());
        if (topics == null || partitions == null) {
            return;
        }
        partitions.remove(key.partition());
        if (partitions.isEmpty()) {
            topics.remove(key.topic());
        }
        if (topics.isEmpty()) {
            groups.remove(key.group());
        }
    }

    @Nullable CommittedOffset find(String group, String topic, int partition) {
        return topics(group).getOrDefault(topic, new TreeMap<>()).get(partition);
    }

    /** The offsets of a group by topic and partition; a view. */
    SortedMap<String, SortedMap<Integer, CommittedOffset>> topics(String group) {
        return Collections.unmodifiableSortedMap(groups.getOrDefault(group, new TreeMap<>()));
    }

    boolean has(String group) {
        return groups.containsKey(group);
    }

    /** The groups that have offsets. */
    SortedSet<String> groupIds() {
        return new TreeSet<>(groups.keySet());
    }
}
