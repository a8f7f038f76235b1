package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How the leading member of a classic group assigns; the group takes the one that all members know and most like best. */
enum Assignor {
    /**
     * Who has a partition keeps it as long as nobody has two more than another; what moves is given up first and taken in the next round.
     */
    COOPERATIVE_STICKY("cooperative-sticky") {
        @Override
        Map<String, Set<TopicPartition>> assign(List<ClassicMember> members, Map<String, Integer> partitionCounts) {
            return new StickyAssignment(members, partitionCounts).withheldWhileClaimed();
        }
    },
    /** The partitions of each topic in rows; for members that have given up everything before. */
    RANGE("range") {
        @Override
        Map<String, Set<TopicPartition>> assign(List<ClassicMember> members, Map<String, Integer> partitionCounts) {
            return RangeAssignment.of(members, partitionCounts);
        }
    };

    private final String wireName;

    Assignor(String wireName) {
        this.wireName = wireName;
    }

    String wireName() {
        return wireName;
    }

    static Optional<Assignor> of(String wireName) {
        return Arrays.stream(values())
                .filter(each -> each.wireName.equals(wireName))
                .findFirst();
    }

    /** The partitions of each member by its id. */
    abstract Map<String, Set<TopicPartition>> assign(List<ClassicMember> members, Map<String, Integer> partitionCounts);
}
