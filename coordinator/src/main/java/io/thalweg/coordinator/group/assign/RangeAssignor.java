package io.thalweg.coordinator.group.assign;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/**
 * Gives each subscriber of a topic one range of its partitions, the first ones one more if they do not come out even. Members keep their
 * order from topic to topic, static ones first, so that topics with as many partitions are divided alike.
 */
public final class RangeAssignor implements PartitionAssignor {

    private static final Comparator<Subscriber> ORDER = Comparator.comparing(
                    (Subscriber subscriber) -> subscriber.instanceId() == null)
            .thenComparing(
                    subscriber -> subscriber.instanceId() == null ? subscriber.memberId() : subscriber.instanceId());

    @Override
    public SortedMap<String, AssignedPartitions> assign(
            List<Subscriber> subscribers, SortedMap<UUID, Integer> partitionCounts) {
        var ordered = subscribers.stream().sorted(ORDER).toList();
        var builders = new TreeMap<String, AssignedPartitions.Builder>();
        subscribers.forEach(each -> builders.put(each.memberId(), new AssignedPartitions.Builder()));
        for (var topic : partitionCounts.entrySet()) {
            var wanting = ordered.stream()
                    .filter(each -> each.topics().contains(topic.getKey()))
                    .toList();
            divide(topic.getKey(), topic.getValue(), wanting, builders);
        }
        return builders.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().build(), (one, other) -> one, TreeMap::new));
    }

    private static void divide(
            UUID topic,
            int partitionCount,
            List<Subscriber> wanting,
            Map<String, AssignedPartitions.Builder> builders) {
        var partition = 0;
        for (var index = 0; index < wanting.size(); index++) {
            var end = (int) ((index + 1L) * (partitionCount / wanting.size())
                    + Math.min(index + 1, partitionCount % wanting.size()));
            var builder = builders.get(wanting.get(index).memberId());
            for (; builder != null && partition < end; partition++) {
                builder.add(topic, partition, 0);
            }
        }
    }
}
