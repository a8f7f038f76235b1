package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.group.assign.PartitionAssignor;
import io.thalweg.coordinator.group.assign.RangeAssignor;
import io.thalweg.coordinator.group.assign.Subscriber;
import io.thalweg.coordinator.group.assign.UniformAssignor;
import io.thalweg.coordinator.metadata.MetadataImage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes target assignments; pure functions. */
final class Targets {

    private Targets() {}

    /** The assignor that most members ask for, of equals the first by name; the first of the list if none asks. */
    static String assignorOf(ConsumerGroup group, List<String> assignors) {
        var votes = new TreeMap<String, Integer>();
        for (var member : group.members()) {
            var wish = member.subscription().assignor();
            if (wish != null) {
                votes.merge(wish, 1, Integer::sum);
            }
        }
        return votes.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .filter(assignors::contains)
                .orElse(assignors.get(0));
    }

    /** Assigns anew if the target assignment is older than the group's epoch. */
    static void update(Draft draft, MetadataImage image, List<String> assignors, long nowMillis) {
        var group = draft.group();
        if (group.targetEpoch() >= group.epoch()) {
            return;
        }
        var subscribers = group.members().stream()
                .map(member -> new Subscriber(
                        member.id(),
                        member.subscription().instanceId(),
                        TopicLookup.ids(group.topicsOf(member), image),
                        group.target(member.id())))
                .toList();
        var assigned = assignor(assignorOf(group, assignors))
                .assign(subscribers, TopicLookup.partitionCounts(group.topics(), image));
        for (var subscriber : subscribers) {
            var target = assigned.getOrDefault(subscriber.memberId(), AssignedPartitions.NONE);
            if (!group.hasTarget(subscriber.memberId()) || !target.equals(subscriber.former())) {
                draft.add(ConsumerGroupRecords.target(group.id(), subscriber.memberId(), target));
            }
        }
        draft.add(ConsumerGroupRecords.targetEpoch(group.id(), group.epoch(), nowMillis));
    }

    private static PartitionAssignor assignor(String name) {
        return switch (name) {
            case "uniform" -> new UniformAssignor();
            case "range" -> new RangeAssignor();
            default -> throw new IllegalStateException("no assignor is called " + name);
        };
    }
}
