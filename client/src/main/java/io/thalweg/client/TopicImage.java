package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * One topic as the metadata tell it.
 *
 * @param id zero if the broker knows no topic ids
 * @param partitions in the order of their numbers, without gaps
 * @param writable the numbers of those that have a leader; of all while none has
 */
record TopicImage(String name, UUID id, boolean isInternal, List<PartitionImage> partitions, List<Integer> writable) {

    private TopicImage(String name, UUID id, boolean isInternal, List<PartitionImage> partitions) {
        this(name, id, isInternal, partitions, writable(partitions));
    }

    private static List<Integer> writable(List<PartitionImage> partitions) {
        var isAnyLed = partitions.stream().anyMatch(each -> each.leaderId() >= 0);
        return partitions.stream()
                .filter(each -> each.leaderId() >= 0 || !isAnyLed)
                .map(PartitionImage::index)
                .toList();
    }

    static TopicImage of(String name, MetadataResponse.Topic topic) {
        var partitions = topic.partitions().stream()
                .map(each -> new PartitionImage(
                        new TopicPartition(name, each.partitionIndex()),
                        each.leaderId(),
                        each.leaderEpoch(),
                        each.replicaNodes(),
                        each.isrNodes()))
                .sorted(Comparator.comparingInt(PartitionImage::index))
                .toList();
        return new TopicImage(name, topic.topicId(), topic.isInternal(), partitions);
    }

    /** What is known after an answer, which may come from a broker that lags: neither leader epochs nor the count of partitions go back. */
    TopicImage updatedBy(TopicImage answer) {
        if (!id.equals(answer.id) || id.equals(Message.ZERO_UUID)) {
            return answer;
        }
        var newest = new ArrayList<>(answer.partitions);
        for (var known : partitions) {
            if (known.index() >= newest.size()) {
                newest.add(known);
            } else if (newest.get(known.index()).leaderEpoch() < known.leaderEpoch()) {
                newest.set(known.index(), known);
            }
        }
        return new TopicImage(name, id, answer.isInternal, List.copyOf(newest));
    }

    /** Whether there is such a partition, and an older leader known of it. */
    boolean isNews(int index, LeaderHint hint) {
        return index < partitions.size() && partitions.get(index).leaderEpoch() < hint.leaderEpoch();
    }

    /** The same with these leaders, which are news, by partition. */
    TopicImage ledBy(Map<Integer, LeaderHint> leaders) {
        var newest = new ArrayList<>(partitions);
        leaders.forEach((index, hint) -> newest.set(index, newest.get(index).ledBy(hint)));
        return new TopicImage(name, id, isInternal, List.copyOf(newest));
    }

    boolean isLed() {
        return !partitions.isEmpty() && partitions.stream().allMatch(partition -> partition.leaderId() >= 0);
    }

    boolean isLedSomewhere() {
        return partitions.stream().anyMatch(partition -> partition.leaderId() >= 0);
    }

    /** One partition; its leader is -1 while it has none. */
    record PartitionImage(TopicPartition id, int leaderId, int leaderEpoch, List<Integer> replicas, List<Integer> isr) {

        int index() {
            return id.partition();
        }

        PartitionImage ledBy(LeaderHint hint) {
            return new PartitionImage(id, hint.leaderId(), hint.leaderEpoch(), replicas, isr);
        }
    }
}
