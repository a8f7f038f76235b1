package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Leaves partitions where they are, gives those that are nobody's to whoever has fewest, and then moves what it takes for no member to have
 * two more than another that could read them. Confined to one call.
 */
final class StickyAssignment {

    private static final Comparator<TopicPartition> IN_ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final List<ClassicMember> members;
    private final Map<String, Integer> partitionCounts;
    private final Map<String, Set<TopicPartition>> assigned = new LinkedHashMap<>();

    StickyAssignment(List<ClassicMember> members, Map<String, Integer> partitionCounts) {
        this.members = members.stream()
                .sorted(Comparator.comparing(ClassicMember::name))
                .toList();
        this.partitionCounts = partitionCounts;
        this.members.forEach(member -> assigned.put(member.id(), new TreeSet<>(IN_ORDER)));
    }

    /** Everything, at once. */
    Map<String, Set<TopicPartition>> complete() {
        keepClaimed();
        giveOutTheRest();
        balance();
        return assigned;
    }

    /** Without what another member has still to give up: that follows when it has. */
    Map<String, Set<TopicPartition>> withheldWhileClaimed() {
        complete();
        var claimants = new HashMap<TopicPartition, Set<String>>();
        for (var member : members) {
            member.claimed()
                    .forEach(each -> claimants
                            .computeIfAbsent(each, first -> new HashSet<>())
                            .add(member.id()));
        }
        assigned.forEach((id, partitions) -> partitions.removeIf(
                each -> claimants.getOrDefault(each, Set.of()).stream().anyMatch(claimant -> !claimant.equals(id))));
        return assigned;
    }

    /** Of two claims the later generation's counts; if both are of the same, neither. */
    private void keepClaimed() {
        var latest = new HashMap<TopicPartition, Integer>();
        for (var member : members) {
            member.claimed().forEach(each -> latest.merge(each, member.generation(), Math::max));
        }
        var claimed = new HashSet<TopicPartition>();
        var twice = new HashSet<TopicPartition>();
        for (var member : members) {
            for (var each : member.claimed()) {
                var isLatest = latest.getOrDefault(each, member.generation()) == member.generation();
                if (isLatest && !claimed.add(each)) {
                    twice.add(each);
                }
                if (isLatest && exists(each) && member.topics().contains(each.topic())) {
                    of(member).add(each);
                }
            }
        }
        assigned.values().forEach(partitions -> partitions.removeAll(twice));
    }

    private boolean exists(TopicPartition partition) {
        return partition.partition() < partitionCounts.getOrDefault(partition.topic(), 0);
    }

    private Set<TopicPartition> of(ClassicMember member) {
        return assigned.computeIfAbsent(member.id(), id -> new LinkedHashSet<>());
    }

    private void giveOutTheRest() {
        var taken = new HashSet<TopicPartition>();
        assigned.values().forEach(taken::addAll);
        var rest = new ArrayList<TopicPartition>();
        partitionCounts.forEach((topic, count) -> {
            for (int i = 0; i < count; i++) {
                rest.add(new TopicPartition(topic, i));
            }
        });
        rest.removeAll(taken);
        rest.sort(IN_ORDER);
        rest.forEach(partition ->
                withFewest(partition).ifPresent(member -> of(member).add(partition)));
    }

    private Optional<ClassicMember> withFewest(TopicPartition partition) {
        return members.stream()
                .filter(member -> member.topics().contains(partition.topic()))
                .min(Comparator.comparingInt(member -> of(member).size()));
    }

    /** Each move makes the counts more even, so it comes to an end. */
    private void balance() {
        var hasMoved = true;
        while (hasMoved) {
            hasMoved = false;
            for (var member : members) {
                hasMoved |= relieve(member);
            }
        }
    }

    /** Moves what others have at least two fewer for, beginning with the last partition. */
    private boolean relieve(ClassicMember member) {
        var own = new ArrayList<>(of(member));
        var hasMoved = false;
        for (int i = own.size() - 1; i >= 0; i--) {
            var partition = own.get(i);
            var other = withFewest(partition);
            if (other.isPresent() && of(other.get()).size() + 2 <= of(member).size()) {
                of(member).remove(partition);
                of(other.get()).add(partition);
                hasMoved = true;
            }
        }
        return hasMoved;
    }
}
