package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionRequest.BrokerState;
import io.thalweg.protocol.message.AlterPartitionResponse;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class AlterPartitionDeciderTest {

    private final BrokerSessions sessions = new BrokerSessions(new SteppedClock(), Optional.of(Duration.ofSeconds(9)));
    private final Elections elections = new Elections(new SampleSchema(), sessions);
    private final AlterPartitionDecider decider = new AlterPartitionDecider(elections);

    /** Brokers 1 to 4 with epochs 0 to 3; broker 1 leads a partition on 1, 2 and 3, of which 1 and 2 are in sync. */
    private final Cluster cluster = Cluster.withBrokers(1, 2, 3, 4)
            .topic("orders", 1, 1, 2, 3)
            .partition("orders", new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2), 1, 5, 7));

    private static AlterPartitionRequest.Partition isr(int... members) {
        return AlterPartitionRequest.Partition.builder()
                .partitionIndex(0)
                .leaderEpoch(5)
                .partitionEpoch(7)
                .newIsrWithEpochs(Arrays.stream(members)
                        .mapToObj(id -> new BrokerState(id, id - 1))
                        .toList())
                .build();
    }

    private static AlterPartitionRequest request(int sender, UUID topic, AlterPartitionRequest.Partition... rows) {
        return AlterPartitionRequest.builder()
                .brokerId(sender)
                .brokerEpoch(sender - 1)
                .topics(List.of(new AlterPartitionRequest.Topic(topic, List.of(rows))))
                .build();
    }

    private AlterPartitionResponse.Partition alter(AlterPartitionRequest.Partition row) {
        return alter(1, row);
    }

    private AlterPartitionResponse.Partition alter(int sender, AlterPartitionRequest.Partition row) {
        return cluster.decide(decider, request(sender, Cluster.topicId("orders"), row))
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private void assertRefused(AlterPartitionResponse.Partition row, ErrorCode error) {
        assertThat(row.errorCode()).isEqualTo(error.code());
        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2), 1, 5, 7));
    }

    private PartitionImage partition() {
        return cluster.partition("orders", 0);
    }

    @Test
    void theLeaderTakesInAReplicaThatHasCaughtUp() {
        var row = alter(isr(1, 2, 3));

        assertThat(row.errorCode()).isZero();
        assertThat(row.isr()).containsExactly(1, 2, 3);
        assertThat(row.leaderId()).isEqualTo(1);
        assertThat(row.leaderEpoch()).isEqualTo(5);
        assertThat(row.partitionEpoch()).isEqualTo(8);
        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1, 2, 3), List.of(1, 2, 3), 1, 5, 8));
    }

    @Test
    void theLeaderLeavesOutAReplicaThatLags() {
        alter(isr(1));

        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1, 2, 3), List.of(1), 1, 5, 8));
    }

    @Test
    void theSameIsrIsNoChange() {
        var row = alter(isr(2, 1));

        assertThat(row.errorCode()).isZero();
        assertThat(row.partitionEpoch()).isEqualTo(7);
        assertThat(partition().partitionEpoch()).isEqualTo(7);
    }

    @Test
    void versionTwoHasNoEpochs() {
        var row = isr().toBuilder().newIsr(List.of(1, 2, 3)).build();

        assertThat(alter(row).isr()).containsExactly(1, 2, 3);
    }

    @Test
    void ofTwoChangesThatKnowTheSameEpochTheSecondIsRefused() {
        alter(isr(1, 2, 3));

        var second = alter(isr(1));

        assertThat(second.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(partition().isr()).containsExactly(1, 2, 3);
    }

    @Test
    void ofTheSamePartitionTwiceInARequestTheSecondIsRefused() {
        var reply = cluster.decide(decider, request(1, Cluster.topicId("orders"), isr(1), isr(1, 2, 3)));

        assertThat(reply.topics().get(0).partitions())
                .extracting(AlterPartitionResponse.Partition::errorCode)
                .containsExactly((short) 0, ErrorCode.INVALID_UPDATE_VERSION.code());
    }

    @Test
    void aDeposedLeaderIsRefused() {
        assertRefused(alter(isr(1).toBuilder().leaderEpoch(4).build()), ErrorCode.FENCED_LEADER_EPOCH);
    }

    @Test
    void oneWhoKnowsMoreIsSentToAnotherController() {
        assertRefused(alter(isr(1).toBuilder().leaderEpoch(6).build()), ErrorCode.NOT_CONTROLLER);
        assertRefused(alter(isr(1).toBuilder().partitionEpoch(8).build()), ErrorCode.NOT_CONTROLLER);
    }

    @Test
    void oneWhoDoesNotLeadIsRefused() {
        assertRefused(alter(2, isr(1, 2, 3)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void anIsrOfOthersThanTheReplicasIsRefused() {
        assertRefused(alter(isr(1, 4)), ErrorCode.INVALID_REQUEST);
        assertRefused(alter(isr(2)), ErrorCode.INVALID_REQUEST);
        assertRefused(alter(isr()), ErrorCode.INVALID_REQUEST);
        assertRefused(alter(isr(1, 1)), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void whatIsRecoveredUncleanlyIsNotOffered() {
        assertRefused(alter(isr(1).toBuilder().leaderRecoveryState((byte) 1).build()), ErrorCode.INVALID_REQUEST);
    }

    @Test
    void aReplicaInAFormerLifeDoesNotComeIn() {
        var row = isr().toBuilder()
                .newIsrWithEpochs(List.of(new BrokerState(1, 0), new BrokerState(2, 1), new BrokerState(3, 1)))
                .build();

        assertRefused(alter(row), ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void aFencedReplicaDoesNotComeIn() {
        cluster.broker(3, true);
        var epoch = cluster.image().broker(3).orElseThrow().epoch();
        var row = isr().toBuilder()
                .newIsrWithEpochs(List.of(new BrokerState(1, 0), new BrokerState(2, 1), new BrokerState(3, epoch)))
                .build();

        assertRefused(alter(row), ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void aReplicaThatIsAboutToLeaveDoesNotComeIn() {
        cluster.decide(
                new BrokerHeartbeatDecider(sessions, elections),
                BrokerHeartbeatRequest.builder()
                        .brokerId(3)
                        .brokerEpoch(2)
                        .wantShutDown(true)
                        .build());

        assertRefused(alter(isr(1, 2, 3)), ErrorCode.INELIGIBLE_REPLICA);
    }

    @Test
    void aSenderInAFormerLifeIsRefusedWhole() {
        var reply = cluster.decide(
                decider,
                request(1, Cluster.topicId("orders"), isr(1)).toBuilder()
                        .brokerEpoch(99)
                        .build());

        assertThat(reply.errorCode()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH.code());
        assertThat(reply.topics()).isEmpty();
        assertThat(partition().partitionEpoch()).isEqualTo(7);
    }

    @Test
    void whatDoesNotExistIsRefused() {
        var unknownTopic = cluster.decide(decider, request(1, new UUID(1, 1), isr(1)));

        assertThat(unknownTopic.topics().get(0).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
        assertRefused(alter(isr(1).toBuilder().partitionIndex(3).build()), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aReplicaThatLeavesAnIsrTooSmallStaysEligible() {
        cluster.config(ConfigResource.ofTopic("orders"), "min.insync.replicas", "2");

        alter(isr(1));

        assertThat(partition().isr()).containsExactly(1);
        assertThat(partition().elr()).containsExactly(2);
    }

    @Test
    void nobodyBesideAnIsrThatIsLargeEnoughIsEligible() {
        cluster.config(ConfigResource.ofTopic("orders"), "min.insync.replicas", "2");
        alter(isr(1));

        alter(isr(1, 3).toBuilder().partitionEpoch(8).build());

        assertThat(partition().isr()).containsExactly(1, 3);
        assertThat(partition().elr()).isEmpty();
    }

    @Test
    void aReassignmentEndsWhenThoseToComeAreInSync() {
        cluster.partition(
                "orders",
                new PartitionImage(
                        0,
                        List.of(1, 4, 2, 3),
                        List.of(1, 2),
                        List.of(),
                        new Reassignment(List.of(4), List.of(2, 3)),
                        1,
                        5,
                        7));

        var row = alter(isr(1, 2, 4));

        // The leader epoch goes up with the replicas that go, so that those know.
        assertThat(row.errorCode()).isEqualTo(ErrorCode.NEW_LEADER_ELECTED.code());
        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(1, 4), List.of(1, 4), 1, 6, 8));
    }

    @Test
    void aReassignmentThatLetsTheLeaderGoFindsAnother() {
        cluster.partition(
                "orders",
                new PartitionImage(
                        0,
                        List.of(4, 2, 1),
                        List.of(1, 2),
                        List.of(),
                        new Reassignment(List.of(4), List.of(1)),
                        1,
                        5,
                        7));

        var row = alter(isr(1, 2, 4));

        assertThat(row.errorCode()).isEqualTo(ErrorCode.NEW_LEADER_ELECTED.code());
        assertThat(partition()).isEqualTo(new PartitionImage(0, List.of(4, 2), List.of(4, 2), 4, 6, 8));
    }
}
