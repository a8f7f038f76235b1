package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AssignReplicasToDirsRequest;
import io.thalweg.protocol.message.AssignReplicasToDirsResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class AssignReplicasToDirsDeciderTest {

    private final BrokerSessions sessions = new BrokerSessions(new SteppedClock(), Optional.of(Duration.ofSeconds(9)));
    private final AssignReplicasToDirsDecider decider =
            new AssignReplicasToDirsDecider(new Elections(new SampleSchema(), sessions));

    /** Brokers 1 to 4 with epochs 0 to 3. */
    private final Cluster cluster = Cluster.withBrokers(1, 2, 3, 4);

    /** A partition on brokers 1, 2 and 3 under leader epoch 5 and partition epoch 7. */
    private void partition(List<Integer> isr, List<Integer> elr, int leader) {
        cluster.topic("orders", 1, 1, 2, 3)
                .partition(
                        "orders", new PartitionImage(0, List.of(1, 2, 3), isr, elr, Reassignment.NONE, leader, 5, 7));
    }

    private void atLeastInSync(String count) {
        cluster.config(ConfigResource.ofTopic("orders"), "min.insync.replicas", count);
    }

    private AssignReplicasToDirsResponse tell(int sender, UUID directory, UUID topic, int partition) {
        var rows = List.of(new AssignReplicasToDirsRequest.Partition(partition));
        var topics = List.of(new AssignReplicasToDirsRequest.Topic(topic, rows));
        var request = AssignReplicasToDirsRequest.builder()
                .brokerId(sender)
                .brokerEpoch(sender - 1)
                .directories(List.of(new AssignReplicasToDirsRequest.Directory(directory, topics)))
                .build();
        return cluster.decide(decider, request);
    }

    private void tell(int sender, UUID directory) {
        assertThat(error(tell(sender, directory, Cluster.topicId("orders"), 0))).isZero();
    }

    private static short error(AssignReplicasToDirsResponse reply) {
        assertThat(reply.errorCode()).isZero();
        return reply.directories().get(0).topics().get(0).partitions().get(0).errorCode();
    }

    private PartitionImage now() {
        return cluster.partition("orders", 0);
    }

    private static PartitionImage of(List<Integer> isr, List<Integer> elr, int leader, int leaderEpoch) {
        return new PartitionImage(0, List.of(1, 2, 3), isr, elr, Reassignment.NONE, leader, leaderEpoch, 8);
    }

    @Test
    void anotherLeadsInPlaceOfALeaderWhoseReplicaIsOutOfReach() {
        partition(List.of(1, 2, 3), List.of(), 1);

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(2, 3), List.of(), 2, 6));
    }

    @Test
    void aFollowerWhoseReplicaIsOutOfReachIsNotInSync() {
        partition(List.of(1, 2, 3), List.of(), 1);

        tell(3, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(1, 2), List.of(), 1, 5));
    }

    @Test
    void whatIsOutOfReachStaysEligible() {
        atLeastInSync("2");
        partition(List.of(1, 2), List.of(), 1);

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(2), List.of(1), 2, 6));
    }

    @Test
    void nobodyLeadsWhereTheLastInSyncIsOutOfReach() {
        partition(List.of(1), List.of(), 1);

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(1), List.of(), PartitionImage.NO_LEADER, 6));
    }

    @Test
    void oneInSyncThatIsWithinReachLeadsWhereNobodyDoes() {
        partition(List.of(3), List.of(), PartitionImage.NO_LEADER);

        tell(1, UnusableReplicas.WITHIN_REACH);
        assertThat(now().hasLeader()).isFalse();

        tell(3, UnusableReplicas.WITHIN_REACH);
        assertThat(now()).isEqualTo(of(List.of(3), List.of(), 3, 6));
    }

    @Test
    void oneThatIsWithinReachDoesNotLeadInPlaceOfAnother() {
        partition(List.of(2, 3), List.of(), 3);

        tell(2, UnusableReplicas.WITHIN_REACH);

        assertThat(now().partitionEpoch()).isEqualTo(7);
    }

    @Test
    void oneThatIsEligibleLeadsWhereTheLastInSyncIsOutOfReach() {
        atLeastInSync("2");
        partition(List.of(1), List.of(3), 1);

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(3), List.of(1), 3, 6));
    }

    @Test
    void anyOtherLeadsInPlaceOfTheLastOutOfReachOnlyWhereThatIsAllowed() {
        cluster.config(ConfigResource.ofTopic("orders"), "unclean.leader.election.enable", "true");
        partition(List.of(1), List.of(), 1);

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(of(List.of(2), List.of(), 2, 6));
    }

    @Test
    void whatIsDamagedIsNotEligible() {
        atLeastInSync("2");
        partition(List.of(1, 2), List.of(3), 1);

        tell(1, UnusableReplicas.DAMAGED);
        assertThat(now()).isEqualTo(of(List.of(2), List.of(3), 2, 6));

        tell(3, UnusableReplicas.DAMAGED);
        assertThat(now().elr()).isEmpty();
    }

    @Test
    void aDamagedLeaderGoesOnWhereNoOtherHasEverything() {
        cluster.config(ConfigResource.ofTopic("orders"), "unclean.leader.election.enable", "true");
        partition(List.of(1), List.of(), 1);
        var before = now();

        tell(1, UnusableReplicas.DAMAGED);

        assertThat(now()).isEqualTo(before);
    }

    @Test
    void whoeverIsAboutToLeaveDoesNotLeadInPlaceOfADamagedLeader() {
        sessions.leaving(2, true);
        partition(List.of(1, 2), List.of(), 1);
        var before = now();

        tell(1, UnusableReplicas.DAMAGED);

        assertThat(now()).isEqualTo(before);
    }

    @Test
    void oneThatIsEligibleLeadsInPlaceOfADamagedLastInSync() {
        atLeastInSync("2");
        partition(List.of(1), List.of(3), 1);

        tell(1, UnusableReplicas.DAMAGED);

        assertThat(now()).isEqualTo(of(List.of(3), List.of(), 3, 6));
    }

    @Test
    void whatIsToldTwiceChangesNothingTheSecondTime() {
        partition(List.of(1, 2, 3), List.of(), 1);
        tell(1, UnusableReplicas.OUT_OF_REACH);
        var after = now();

        tell(1, UnusableReplicas.OUT_OF_REACH);

        assertThat(now()).isEqualTo(after);
    }

    @Test
    void onlyReplicasOfPartitionsThatAreKnownAreTakenNoteOf() {
        partition(List.of(1, 2, 3), List.of(), 1);
        var orders = Cluster.topicId("orders");

        assertThat(error(tell(1, UnusableReplicas.DAMAGED, new UUID(9, 9), 0)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertThat(error(tell(1, UnusableReplicas.DAMAGED, orders, 1)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(error(tell(4, UnusableReplicas.DAMAGED, orders, 0)))
                .isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(now().partitionEpoch()).isEqualTo(7);
    }

    @Test
    void whatAFormerLifeOfABrokerToldIsRefused() {
        partition(List.of(1, 2, 3), List.of(), 1);
        var request = AssignReplicasToDirsRequest.builder()
                .brokerId(1)
                .brokerEpoch(17)
                .directories(List.of())
                .build();

        assertThat(cluster.decide(decider, request).errorCode()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH.code());
    }
}
