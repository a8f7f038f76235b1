package io.thalweg.cli;

import io.thalweg.api.GroupDescription;
import io.thalweg.api.GroupDescription.Member;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How far a group is behind, partition by partition: those that it has offsets of and those that its members have. */
final class GroupLag {

    static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private GroupLag() {}

    /**
     * One partition.
     *
     * @param committed null if nothing was committed
     * @param end null if the topic is gone
     * @param member null if nobody has it
     */
    record Row(
            TopicPartition partition,
            @Nullable Long committed,
            @Nullable Long end,
            @Nullable Member member) {

        @Nullable Long lag() {
            return committed == null || end == null ? null : Math.max(0, end - committed);
        }
    }

    static List<Row> of(GroupDescription group, ClientSession session) {
        var owners = new TreeMap<TopicPartition, @Nullable Member>(ORDER);
        group.committed().keySet().forEach(partition -> owners.put(partition, null));
        for (var member : group.members()) {
            member.assigned().forEach(partition -> owners.put(partition, member));
        }
        var ends = ends(owners, session);
        return owners.entrySet().stream()
                .map(each -> new Row(
                        each.getKey(), group.committed().get(each.getKey()), ends.get(each.getKey()), each.getValue()))
                .toList();
    }

    /** Of topics that are there. */
    private static Map<TopicPartition, Long> ends(Map<TopicPartition, ?> partitions, ClientSession session) {
        var asked = new LinkedHashMap<TopicPartition, StartPosition>();
        for (var topic : session.await(session.client().topics().list())) {
            for (var each : topic.partitions()) {
                var partition = new TopicPartition(topic.name(), each.partition());
                if (partitions.containsKey(partition)) {
                    asked.put(partition, StartPosition.END);
                }
            }
        }
        return session.await(session.client().offsets(asked));
    }
}
