package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives the members of a topic its partitions in rows as long as each other; the first get one more where that does not come out even. */
final class RangeAssignment {

    private RangeAssignment() {}

    static Map<String, Set<TopicPartition>> of(List<ClassicMember> members, Map<String, Integer> partitionCounts) {
        var assigned = new LinkedHashMap<String, Set<TopicPartition>>();
        members.forEach(member -> assigned.put(member.id(), new LinkedHashSet<>()));
        partitionCounts.forEach((topic, count) -> assign(topic, count, ofTopic(topic, members), assigned));
        return assigned;
    }

    private static List<String> ofTopic(String topic, List<ClassicMember> members) {
        return members.stream()
                .filter(member -> member.topics().contains(topic))
                .sorted(Comparator.comparing(ClassicMember::name))
                .map(ClassicMember::id)
                .toList();
    }

    private static void assign(
            String topic, int count, List<String> members, Map<String, Set<TopicPartition>> assigned) {
        var next = 0;
        for (int i = 0; i < members.size(); i++) {
            var end = next + count / members.size() + (i < count % members.size() ? 1 : 0);
            for (; next < end; next++) {
                assigned.computeIfAbsent(members.get(i), id -> new LinkedHashSet<>())
                        .add(new TopicPartition(topic, next));
            }
        }
    }
}
