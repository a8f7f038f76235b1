package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.coordinator.Seeds;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ReplicaPlacementTest {

    private static final int ROUNDS = 20;

    private static void place(
            Cluster cluster, int partitionCount, int replicationFactor, Consumer<List<List<Integer>>> check) {
        Seeds.withSeed(seed -> {
            var placement = new ReplicaPlacement(new Random(seed));
            for (int round = 0; round < ROUNDS; round++) {
                check.accept(placement.place(cluster.image(), partitionCount, replicationFactor));
            }
        });
    }

    private static int spread(List<Integer> values, int brokerCount) {
        var counts = new TreeMap<Integer, Integer>();
        IntStream.rangeClosed(1, brokerCount).forEach(id -> counts.put(id, 0));
        values.forEach(id -> counts.merge(id, 1, Integer::sum));
        return counts.values().stream().mapToInt(i -> i).max().orElseThrow()
                - counts.values().stream().mapToInt(i -> i).min().orElseThrow();
    }

    @Test
    void leadersAndReplicasAreSpreadEvenly() {
        place(Cluster.withBrokers(1, 2, 3, 4, 5), 40, 3, placed -> {
            var leaders = placed.stream().map(replicas -> replicas.get(0)).toList();
            var all = placed.stream().flatMap(List::stream).toList();
            assertThat(spread(leaders, 5)).isZero();
            assertThat(spread(all, 5)).isZero();
            placed.forEach(replicas -> assertThat(replicas).hasSize(3).doesNotHaveDuplicates());
        });
    }

    @Test
    void theFollowersOfALeaderAreNotAlwaysTheSame() {
        place(Cluster.withBrokers(1, 2, 3, 4, 5), 20, 2, placed -> {
            var ofOne = new TreeSet<Integer>();
            placed.stream().filter(replicas -> replicas.get(0) == 1).forEach(replicas -> ofOne.add(replicas.get(1)));

            assertThat(ofOne).containsExactly(2, 3, 4, 5);
        });
    }

    @Test
    void replicasStandOnAsManyRacksAsThereAre() {
        var cluster = Cluster.withBrokers();
        for (int id = 1; id <= 6; id++) {
            cluster.broker(id, "rack-" + id % 3, false);
        }

        place(
                cluster,
                30,
                3,
                placed -> placed.forEach(replicas -> assertThat(
                                replicas.stream().map(id -> id % 3).distinct())
                        .hasSize(3)));
    }

    @Test
    void moreReplicasThanRacksAreSpreadOverThem() {
        var cluster = Cluster.withBrokers();
        for (int id = 1; id <= 6; id++) {
            cluster.broker(id, id <= 3 ? "a" : "b", false);
        }

        place(
                cluster,
                30,
                4,
                placed -> placed.forEach(replicas ->
                        assertThat(replicas.stream().filter(id -> id <= 3)).hasSize(2)));
    }

    @Test
    void racksOfDifferentSizesAreServedAsFarAsTheyGo() {
        var cluster = Cluster.withBrokers();
        cluster.broker(1, "a", false)
                .broker(2, "b", false)
                .broker(3, "b", false)
                .broker(4, "b", false);

        place(
                cluster,
                24,
                2,
                placed -> placed.forEach(replicas -> assertThat(replicas).contains(1)));
    }

    @Test
    void fencedBrokersHoldReplicasOnlyWhereOthersAreMissing() {
        var cluster = Cluster.withBrokers(1, 2).broker(3, "x", true);

        place(
                cluster,
                10,
                2,
                placed -> placed.forEach(replicas -> assertThat(replicas).doesNotContain(3)));
        place(
                cluster,
                10,
                3,
                placed -> placed.forEach(replicas -> {
                    assertThat(replicas).containsExactlyInAnyOrder(1, 2, 3);
                    assertThat(replicas.get(0)).isNotEqualTo(3);
                }));
    }

    @Test
    void moreReplicasThanBrokersAreRefused() {
        var placement = new ReplicaPlacement(new Random(1));

        assertThatThrownBy(() -> placement.place(Cluster.withBrokers(1, 2).image(), 1, 3))
                .hasMessageContaining("2 brokers are registered");
        assertThatThrownBy(() ->
                        placement.place(Cluster.withBrokers().broker(1, true).image(), 1, 1))
                .hasMessageContaining("none of the 1 registered brokers is active");
    }
}
