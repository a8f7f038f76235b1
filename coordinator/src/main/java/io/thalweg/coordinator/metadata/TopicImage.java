package io.thalweg.coordinator.metadata;

import java.util.Collection;
import java.util.Optional;
import java.util.UUID;

/** A topic and its partitions; immutable. */
public final class TopicImage {

    private final String name;
    private final UUID id;
    private final PersistentMap<Integer, PartitionImage> partitions;

    private TopicImage(String name, UUID id, PersistentMap<Integer, PartitionImage> partitions) {
        this.name = name;
        this.id = id;
        this.partitions = partitions;
    }

    /** A topic without partitions yet. */
    public static TopicImage of(String name, UUID id) {
        return new TopicImage(name, id, PersistentMap.empty());
    }

    public String name() {
        return name;
    }

    public UUID id() {
        return id;
    }

    public int partitionCount() {
        return partitions.size();
    }

    /** The partitions from 0 on, without a gap. */
    public Collection<PartitionImage> partitions() {
        return partitions.values();
    }

    public Optional<PartitionImage> partition(int partition) {
        return Optional.ofNullable(partitions.get(partition));
    }

    /** The topic with this partition added or replaced; a new one must be the next in number. */
    public TopicImage with(PartitionImage partition) {
        if (partition.partition() > partitions.size()) {
            throw new IllegalArgumentException("partition " + name + "-" + partition.partition()
                    + " would leave a gap after " + partitions.size() + " partitions");
        }
        return new TopicImage(name, id, partitions.with(partition.partition(), partition));
    }

    /** Tells every partition that is another one than in an earlier image of the same topic. */
    void differenceSince(TopicImage before, PersistentMap.Difference<PartitionImage> difference) {
        PersistentMap.difference(before.partitions, partitions, difference);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TopicImage that
                && name.equals(that.name)
                && id.equals(that.id)
                && partitions.equals(that.partitions);
    }

    @Override
    public int hashCode() {
        return id.hashCode();
    }

    @Override
    public String toString() {
        return name + " " + id + " " + partitions;
    }
}
