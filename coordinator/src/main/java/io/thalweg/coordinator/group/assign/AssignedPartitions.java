package io.thalweg.coordinator.group.assign;

import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Partitions by topic id, each with the epoch of the group at which it was assigned; immutable. */
public final class AssignedPartitions {

    /** No partitions. */
    public static final AssignedPartitions NONE = new AssignedPartitions(new TreeMap<>());

    private final SortedMap<UUID, SortedMap<Integer, Integer>> epochs;

    private AssignedPartitions(SortedMap<UUID, SortedMap<Integer, Integer>> epochs) {
        this.epochs = epochs;
    }

    public boolean isEmpty() {
        return epochs.isEmpty();
    }

    public int count() {
        return epochs.values().stream().mapToInt(Map::size).sum();
    }

    public SortedSet<UUID> topics() {
        return new TreeSet<>(epochs.keySet());
    }

    /** The partitions of a topic with their epochs. */
    public SortedMap<Integer, Integer> of(UUID topic) {
        return epochs.getOrDefault(topic, new TreeMap<>());
    }

    public boolean contains(UUID topic, int partition) {
        return of(topic).containsKey(partition);
    }

    /** The epoch at which the partition was assigned, null if it is not here. */
    public @Nullable Integer epoch(UUID topic, int partition) {
        return of(topic).get(partition);
    }

    /** The same partitions, all assigned at one epoch. */
    public AssignedPartitions at(int epoch) {
        var builder = new Builder();
        forEach((topic, partition, former) -> builder.add(topic, partition, epoch));
        return builder.build();
    }

    /** Those that pass. */
    public AssignedPartitions where(BiPredicate<UUID, Integer> filter) {
        var builder = new Builder();
        forEach((topic, partition, epoch) -> {
            if (filter.test(topic, partition)) {
                builder.add(topic, partition, epoch);
            }
        });
        return builder.build();
    }

    /** These and the others. */
    public AssignedPartitions and(AssignedPartitions others) {
        var builder = new Builder();
        forEach(builder::add);
        others.forEach(builder::add);
        return builder.build();
    }

    /** Whether both have the same partitions, whatever their epochs. */
    public boolean hasSameAs(AssignedPartitions other) {
        return epochs.keySet().equals(other.epochs.keySet())
                && epochs.entrySet().stream()
                        .allMatch(each -> each.getValue()
                                .keySet()
                                .equals(other.of(each.getKey()).keySet()));
    }

    /** Hears of one partition after the other. */
    public interface Visitor {
        void visit(UUID topic, int partition, int epoch);
    }

    /** Tells all, in the order of topics and partitions. */
    public void forEach(Visitor visitor) {
        epochs.forEach((topic, partitions) ->
                partitions.forEach((partition, epoch) -> visitor.visit(topic, partition, epoch)));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AssignedPartitions that && epochs.equals(that.epochs);
    }

    @Override
    public int hashCode() {
        return epochs.hashCode();
    }

    @Override
    public String toString() {
        return epochs.toString();
    }

    /** Collects partitions. Confined to one thread. */
    public static final class Builder {

        private final TreeMap<UUID, SortedMap<Integer, Integer>> epochs = new TreeMap<>();

        public void add(UUID topic, int partition, int epoch) {
            epochs.computeIfAbsent(topic, first -> new TreeMap<>()).put(partition, epoch);
        }

        public AssignedPartitions build() {
            return epochs.isEmpty() ? NONE : new AssignedPartitions(epochs);
        }
    }
}
