package io.thalweg.coordinator.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What happened to topics from one image to the next, each list in the order of names.
 *
 * @param created topics that were not there, with all their partitions
 * @param deleted topics that are gone; one deleted and created again is in both lists, with different ids
 * @param partitions partitions added or changed in topics that were there before
 */
public record TopicsDelta(List<TopicImage> created, List<TopicImage> deleted, List<PartitionChange> partitions) {

    public TopicsDelta {
        created = List.copyOf(created);
        deleted = List.copyOf(deleted);
        partitions = List.copyOf(partitions);
    }

    public boolean isEmpty() {
        return created.isEmpty() && deleted.isEmpty() && partitions.isEmpty();
    }

    /** Sorts the differences of two images; confined to one comparison. */
    static final class Collector implements PersistentMap.Difference<TopicImage> {

        private final List<TopicImage> created = new ArrayList<>();
        private final List<TopicImage> deleted = new ArrayList<>();
        private final List<PartitionChange> partitions = new ArrayList<>();

        @Override
        public void changed(@Nullable TopicImage before, @Nullable TopicImage after) {
            if (before != null && after != null && before.id().equals(after.id())) {
                after.differenceSince(before, (old, now) -> addPartition(after, old, now));
                return;
            }
            if (before != null) {
                deleted.add(before);
            }
            if (after != null) {
                created.add(after);
            }
        }

        private void addPartition(TopicImage topic, @Nullable PartitionImage before, @Nullable PartitionImage after) {
            if (after != null && !Objects.equals(before, after)) {
                partitions.add(new PartitionChange(topic, before, after));
            }
        }

        TopicsDelta delta() {
            return new TopicsDelta(created, deleted, partitions);
        }
    }
}
