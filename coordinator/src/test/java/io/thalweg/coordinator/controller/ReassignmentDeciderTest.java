package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest.Partition;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest.Topic;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ReassignmentDeciderTest {

    private static final ConfigResource ORDERS = ConfigResource.ofTopic("orders");

    private final ReassignmentDecider decider = new ReassignmentDecider(Cluster.elections());
    private final Cluster cluster = Cluster.withBrokers(1, 2, 3, 4, 5).topic("orders", 2, 1, 2, 3);

    private ErrorCode reassign(boolean mayChangeFactor, String topic, int partition, @Nullable List<Integer> replicas) {
        var reply = cluster.decide(
                decider,
                AlterPartitionReassignmentsRequest.builder()
                        .allowReplicationFactorChange(mayChangeFactor)
                        .topics(List.of(new Topic(topic, List.of(new Partition(partition, replicas)))))
                        .build());
        assertThat(reply.errorCode()).isZero();
        return ErrorCode.forCode(reply.responses().get(0).partitions().get(0).errorCode())
                .orElseThrow();
    }

    private ErrorCode reassign(@Nullable List<Integer> replicas) {
        return reassign(true, "orders", 0, replicas);
    }

    private PartitionImage partition() {
        return cluster.partition("orders", 0);
    }

    @Test
    void thoseToComeAreAddedAndThoseToGoStayMeanwhile() {
        assertThat(reassign(List.of(4, 5, 1))).isEqualTo(ErrorCode.NONE);

        assertThat(partition())
                .isEqualTo(new PartitionImage(
                        0,
                        List.of(4, 5, 1, 2, 3),
                        List.of(1, 2, 3),
                        List.of(),
                        new Reassignment(List.of(4, 5), List.of(2, 3)),
                        1,
                        0,
                        1));
    }

    @Test
    void onlyLettingReplicasGoIsDoneAtOnce() {
        assertThat(reassign(List.of(2, 3))).isEqualTo(ErrorCode.NONE);

        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(2, 3), List.of(2, 3), 2, 1, 1));
    }

    /** Who is believed to be in sync may have lost its power a moment ago. */
    @Test
    void replicasInSyncStayUntilEnoughOthersAre() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        cluster.partition("orders", new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2), 1, 0, 1));

        assertThat(reassign(List.of(3, 2))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().isr()).containsExactly(1, 2);
        assertThat(partition().reassignment()).isEqualTo(new Reassignment(List.of(), List.of(1)));
    }

    @Test
    void anEligibleReplicaStaysWhileFewAreInSync() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        cluster.partition(
                "orders", new PartitionImage(0, List.of(1, 2, 3), List.of(2), List.of(1), Reassignment.NONE, 2, 0, 1));

        assertThat(reassign(List.of(3, 2))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().elr()).containsExactly(1);
        assertThat(partition().reassignment()).isEqualTo(new Reassignment(List.of(), List.of(1)));
    }

    @Test
    void replicasOutOfSyncGoThoughFewStay() {
        cluster.config(ORDERS, "min.insync.replicas", "2");
        cluster.partition("orders", new PartitionImage(0, List.of(1, 2, 3), List.of(1), 1, 0, 1));

        assertThat(reassign(List.of(1, 2))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().replicas()).containsExactly(1, 2);
        assertThat(partition().reassignment()).isEqualTo(Reassignment.NONE);
    }

    @Test
    void anotherOrderIsAChangeOfThePreferredLeaderAlone() {
        assertThat(reassign(List.of(3, 2, 1))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().replicas()).containsExactly(3, 2, 1);
        assertThat(partition().leader()).isEqualTo(1);
        assertThat(partition().leaderEpoch()).isZero();
    }

    @Test
    void theSameReplicasAreNoChange() {
        assertThat(reassign(List.of(1, 2, 3))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().partitionEpoch()).isZero();
    }

    @Test
    void anotherReassignmentTakesThePlaceOfOneUnderWay() {
        reassign(List.of(4, 2, 3));

        assertThat(reassign(List.of(4, 5, 3))).isEqualTo(ErrorCode.NONE);

        assertThat(partition().replicas()).containsExactly(4, 5, 3, 2, 1);
        assertThat(partition().reassignment()).isEqualTo(new Reassignment(List.of(4, 5), List.of(2, 1)));
    }

    @Test
    void aReassignmentIsTakenBack() {
        reassign(List.of(4, 5));

        assertThat(reassign(null)).isEqualTo(ErrorCode.NONE);

        assertThat(partition().replicas()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(partition().isr()).containsExactlyInAnyOrder(1, 2, 3);
        assertThat(partition().reassignment()).isEqualTo(Reassignment.NONE);
    }

    @Test
    void oneThatHasReplacedAllInSyncCannotBeTakenBack() {
        cluster.partition(
                "orders",
                new PartitionImage(
                        0,
                        List.of(4, 5, 1),
                        List.of(4),
                        List.of(),
                        new Reassignment(List.of(4, 5), List.of(1)),
                        4,
                        1,
                        1));

        assertThat(reassign(null)).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
    }

    @Test
    void thereIsNothingToTakeBack() {
        assertThat(reassign(null)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void theReplicationFactorStaysIfItMustNotChange() {
        assertThat(reassign(false, "orders", 0, List.of(1, 2))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
        assertThat(reassign(false, "orders", 0, List.of(4, 2, 3))).isEqualTo(ErrorCode.NONE);
        assertThat(reassign(false, "orders", 0, List.of(4, 5))).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    }

    @Test
    void replicasThatCannotBeAreRefused() {
        assertThat(reassign(List.of())).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(List.of(1, 1))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(reassign(List.of(1, 9))).isEqualTo(ErrorCode.INVALID_REPLICA_ASSIGNMENT);
        assertThat(partition().partitionEpoch()).isZero();
    }

    @Test
    void whatDoesNotExistIsRefused() {
        assertThat(reassign(true, "users", 0, List.of(1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(reassign(true, "orders", 9, List.of(1))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }
}
