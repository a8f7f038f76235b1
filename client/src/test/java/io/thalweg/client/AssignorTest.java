package io.thalweg.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AssignorTest {

    private static final long SEED = Long.getLong("seed", 42);

    private static ClassicMember member(String id, Set<String> topics, Set<TopicPartition> claimed, int generation) {
        return new ClassicMember(id, id, topics, claimed, generation);
    }

    private static ClassicMember newcomer(String id, String... topics) {
        return member(id, Set.of(topics), Set.of(), -1);
    }

    private static Set<TopicPartition> partitions(String topic, int... numbers) {
        return IntStream.of(numbers)
                .mapToObj(number -> new TopicPartition(topic, number))
                .collect(Collectors.toSet());
    }

    private static Map<String, Set<TopicPartition>> sticky(Map<String, Integer> counts, ClassicMember... members) {
        return Assignor.COOPERATIVE_STICKY.assign(List.of(members), counts);
    }

    @Test
    void partitionsAreSharedEvenly() {
        var assigned = sticky(Map.of("a", 3, "b", 2), newcomer("x", "a", "b"), newcomer("y", "a", "b"));

        assertThat(assigned.values()).extracting(Set::size).containsExactlyInAnyOrder(2, 3);
        assertThat(assigned.values().stream().flatMap(Set::stream))
                .doesNotHaveDuplicates()
                .hasSize(5);
    }

    @Test
    void whatMovesIsGivenToNobodyAsLongAsItIsClaimed() {
        var owner = member("x", Set.of("a"), partitions("a", 0, 1, 2, 3), 7);

        var assigned = sticky(Map.of("a", 4), owner, newcomer("y", "a"));

        assertThat(assigned.get("x")).containsExactlyInAnyOrderElementsOf(partitions("a", 0, 1));
        assertThat(assigned.get("y")).isEmpty();
    }

    @Test
    void whatWasGivenUpIsGivenOutAndNothingElseMoves() {
        var owner = member("x", Set.of("a"), partitions("a", 0, 1), 8);

        var assigned = sticky(Map.of("a", 4), owner, member("y", Set.of("a"), Set.of(), 8));

        assertThat(assigned.get("x")).containsExactlyInAnyOrderElementsOf(partitions("a", 0, 1));
        assertThat(assigned.get("y")).containsExactlyInAnyOrderElementsOf(partitions("a", 2, 3));
    }

    @Test
    void theClaimOfTheLaterGenerationCounts() {
        var late = member("x", Set.of("a"), partitions("a", 0, 1), 3);
        var latest = member("y", Set.of("a"), partitions("a", 0, 1), 5);

        var assigned = new StickyAssignment(List.of(late, latest), Map.of("a", 3)).complete();

        assertThat(assigned.get("y")).containsExactlyInAnyOrderElementsOf(partitions("a", 0, 1));
        assertThat(assigned.get("x")).containsExactlyInAnyOrderElementsOf(partitions("a", 2));
    }

    @Test
    void membersGetOnlyTopicsTheyRead() {
        var assigned = sticky(Map.of("a", 4, "b", 1), newcomer("x", "a"), newcomer("y", "a", "b"), newcomer("z", "c"));

        assertThat(assigned.get("z")).isEmpty();
        assertThat(assigned.get("y")).containsAll(partitions("b", 0));
        assertThat(assigned.get("x")).hasSizeBetween(2, 3);
    }

    /** Rounds of joins and departures, until nothing moves any more: then all is given out, evenly, and nobody has had what another had. */
    @Test
    void groupsComeToRestEvenlyAndNothingIsEverTwoMembers() {
        var random = new Random(SEED);
        for (int run = 0; run < 200; run++) {
            var count = 1 + random.nextInt(20);
            var owned = new HashMap<String, Set<TopicPartition>>();
            for (int change = 0; change < 4; change++) {
                var size = 1 + random.nextInt(6);
                var ids = IntStream.range(0, size).mapToObj(i -> "member-" + i).toList();
                owned.keySet().retainAll(ids);
                ids.forEach(id -> owned.putIfAbsent(id, Set.of()));
                settle(owned, count);
                assertThat(owned.values().stream().mapToInt(Set::size).sum())
                        .as("seed %d, run %d", SEED, run)
                        .isEqualTo(count);
                assertThat(owned.values())
                        .as("seed %d, run %d", SEED, run)
                        .allMatch(each -> each.size() == count / size || each.size() == (count + size - 1) / size);
            }
        }
    }

    private static void settle(Map<String, Set<TopicPartition>> owned, int count) {
        for (int round = 0; round < 3; round++) {
            var members = new ArrayList<ClassicMember>();
            owned.forEach((id, claimed) -> members.add(member(id, Set.of("a"), claimed, 1)));
            var assigned = Assignor.COOPERATIVE_STICKY.assign(members, Map.of("a", count));
            var others = new HashSet<TopicPartition>();
            assigned.values().forEach(each -> assertThat(each).allMatch(others::add));
            assigned.forEach((id, each) -> owned.forEach((otherId, claimed) -> {
                if (!otherId.equals(id)) {
                    assertThat(Collections.disjoint(each, claimed)).isTrue();
                }
            }));
            assigned.forEach((id, each) -> owned.put(id, Set.copyOf(each)));
        }
    }

    @Test
    void rangesFollowTheNamesOfMembers() {
        var first = new ClassicMember("id-9", "berth-1", Set.of("a", "b"), Set.of(), -1);
        var second = new ClassicMember("id-1", "berth-2", Set.of("a"), Set.of(), -1);

        var assigned = Assignor.RANGE.assign(List.of(second, first), Map.of("a", 5, "b", 2));

        assertThat(requireNonNull(assigned.get("id-9")))
                .containsExactlyInAnyOrderElementsOf(union(partitions("a", 0, 1, 2), partitions("b", 0, 1)));
        assertThat(assigned.get("id-1")).containsExactlyInAnyOrderElementsOf(partitions("a", 3, 4));
    }

    private static Set<TopicPartition> union(Set<TopicPartition> one, Set<TopicPartition> other) {
        var union = new HashSet<>(one);
        union.addAll(other);
        return union;
    }
}
