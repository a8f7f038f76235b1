package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersRequest.TopicPartitions;
import io.thalweg.protocol.message.ElectLeadersResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ElectLeadersDeciderTest {

    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final ElectLeadersDecider decider = new ElectLeadersDecider(Cluster.elections());

    /** Partition 0 is led by its second replica, 1 by its first, 2 by its second while the first lags, 3 by nobody. */
    private final Cluster cluster = Cluster.withBrokers(1, 2)
            .broker(3, true)
            .topic("orders", 4, 1, 2)
            .partition("orders", new PartitionImage(0, List.of(1, 2), List.of(1, 2), 2, 5, 7))
            .partition("orders", new PartitionImage(2, List.of(1, 2), List.of(2), 2, 5, 7))
            .partition("orders", new PartitionImage(3, List.of(3, 2), List.of(3), PartitionImage.NO_LEADER, 5, 7));

    private ElectLeadersResponse elect(int type, @Nullable List<TopicPartitions> asked) {
        return cluster.decide(
                decider,
                ElectLeadersRequest.builder()
                        .electionType((byte) type)
                        .topicPartitions(asked)
                        .build());
    }

    private ErrorCode elect(int type, String topic, int partition) {
        var row = elect(type, List.of(new TopicPartitions(topic, List.of(partition))))
                .replicaElectionResults()
                .get(0)
                .partitionResult()
                .get(0);
        assertThat(row.partitionId()).isEqualTo(partition);
        return ErrorCode.forCode(row.errorCode()).orElseThrow();
    }

    @Test
    void theFirstReplicaLeadsAgainIfItIsInSync() {
        assertThat(elect(PREFERRED, "orders", 0)).isEqualTo(ErrorCode.NONE);

        assertThat(cluster.partition("orders", 0))
                .isEqualTo(new PartitionImage(0, List.of(1, 2), List.of(1, 2), 1, 6, 8));
    }

    @Test
    void whatTheFirstReplicaLeadsNeedsNoElection() {
        assertThat(elect(PREFERRED, "orders", 1)).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
    }

    @Test
    void aFirstReplicaThatLagsDoesNotLead() {
        assertThat(elect(PREFERRED, "orders", 2)).isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
        assertThat(cluster.partition("orders", 2).leader()).isEqualTo(2);
    }

    @Test
    void anyReplicaLeadsAfterAnUncleanElection() {
        assertThat(elect(UNCLEAN, "orders", 3)).isEqualTo(ErrorCode.NONE);

        assertThat(cluster.partition("orders", 3)).isEqualTo(new PartitionImage(3, List.of(3, 2), List.of(2), 2, 6, 8));
    }

    @Test
    void whatHasALeaderNeedsNoUncleanElection() {
        assertThat(elect(UNCLEAN, "orders", 2)).isEqualTo(ErrorCode.ELECTION_NOT_NEEDED);
    }

    @Test
    void nobodyIsElectedWhereNobodyIsActive() {
        cluster.partition("orders", new PartitionImage(3, List.of(3), List.of(3), PartitionImage.NO_LEADER, 5, 7));

        assertThat(elect(UNCLEAN, "orders", 3)).isEqualTo(ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE);
    }

    @Test
    void whatDoesNotExistIsRefused() {
        assertThat(elect(PREFERRED, "users", 0)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(elect(PREFERRED, "orders", 9)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void anElectionOfAllPartitionsTellsOfThoseThatNeededOne() {
        var reply = elect(PREFERRED, null);

        assertThat(reply.replicaElectionResults()).hasSize(1);
        assertThat(reply.replicaElectionResults().get(0).partitionResult())
                .extracting(ElectLeadersResponse.Partition::partitionId)
                .containsExactly(0, 2, 3);
        assertThat(cluster.partition("orders", 0).leader()).isEqualTo(1);
    }

    @Test
    void anotherKindOfElectionIsRefused() {
        assertThat(elect(7, null).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }
}
