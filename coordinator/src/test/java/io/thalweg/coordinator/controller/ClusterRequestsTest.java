package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AddRaftVoterRequest;
import io.thalweg.protocol.message.DescribeQuorumRequest;
import io.thalweg.protocol.message.DescribeQuorumResponse.ReplicaState;
import io.thalweg.protocol.message.RemoveRaftVoterRequest;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import io.thalweg.protocol.message.UpdateFeaturesRequest;
import io.thalweg.protocol.message.UpdateFeaturesResponse;
import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.QuorumState;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The small requests about the cluster itself. */
final class ClusterRequestsTest {

    @Test
    void anUnregisteredBrokerIsForgottenAndLeadsNothing() {
        var cluster = Cluster.withBrokers(1, 2).topic("orders", 1, 1, 2);

        var reply = cluster.decide(new UnregisterBrokerDecider(Cluster.elections()), new UnregisterBrokerRequest(1));

        assertThat(reply.errorCode()).isZero();
        assertThat(cluster.image().broker(1)).isEmpty();
        assertThat(cluster.partition("orders", 0)).isEqualTo(new PartitionImage(0, List.of(1, 2), List.of(2), 2, 1, 1));
        // Its epoch is not given again.
        assertThat(cluster.image().cluster().nextBrokerEpoch()).isEqualTo(2);
    }

    @Test
    void aBrokerThatIsNotRegisteredCannotBeForgotten() {
        var reply = Cluster.withBrokers(1)
                .decide(new UnregisterBrokerDecider(Cluster.elections()), new UnregisterBrokerRequest(9));

        assertThat(reply.errorCode()).isEqualTo(ErrorCode.BROKER_ID_NOT_REGISTERED.code());
        assertThat(reply.errorMessage()).isEqualTo("broker 9 is not registered");
    }

    private static QuorumState votersFrom1To(int last) {
        var voters = IntStream.rangeClosed(1, last)
                .mapToObj(
                        id -> new QuorumState.Member(id, QuorumState.UNKNOWN, QuorumState.UNKNOWN, QuorumState.UNKNOWN))
                .toList();
        return new QuorumState(new Leadership(OptionalInt.of(1), 1, true), 7, voters, List.of());
    }

    private static ErrorCode addition(
            @Nullable String clusterId, int voter, AddRaftVoterRequest.Listener... listeners) {
        var request = AddRaftVoterRequest.builder()
                .clusterId(clusterId)
                .voterId(voter)
                .listeners(List.of(listeners))
                .build();
        var reply = Cluster.withBrokers(1).decide(new AddRaftVoterDecider(() -> votersFrom1To(3)), request);
        return ErrorCode.forCode(reply.errorCode()).orElseThrow();
    }

    private static ErrorCode removal(@Nullable String clusterId, int voter, int voters) {
        var request = RemoveRaftVoterRequest.builder()
                .clusterId(clusterId)
                .voterId(voter)
                .build();
        var reply = Cluster.withBrokers(1).decide(new RemoveRaftVoterDecider(() -> votersFrom1To(voters)), request);
        return ErrorCode.forCode(reply.errorCode()).orElseThrow();
    }

    @Test
    void votersAreAddedOnceAndWhereTheyAreReached() {
        var listener = new AddRaftVoterRequest.Listener("CONTROLLER", "four", 9093);
        var cluster = Cluster.withBrokers(1).image().cluster().id();

        assertThat(addition(cluster, 4, listener)).isEqualTo(ErrorCode.NONE);
        assertThat(addition("another", 4, listener)).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
        assertThat(addition(cluster, 3, listener)).isEqualTo(ErrorCode.DUPLICATE_VOTER);
    }

    @Test
    void aVoterIsAddedWithAnAddressThatOthersCanUse() {
        assertThat(addition(null, 4)).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(addition(null, 4, new AddRaftVoterRequest.Listener("CONTROLLER", "four", 0)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(addition(null, 4, new AddRaftVoterRequest.Listener("CONTROLLER", "", 9093)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void whoNamesNoClusterMeansTheOneThatIsAsked() {
        assertThat(addition(null, 4, new AddRaftVoterRequest.Listener("CONTROLLER", "four", 9093)))
                .isEqualTo(ErrorCode.NONE);
        assertThat(removal(null, 3, 3)).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void votersAreRemovedButTheLast() {
        var cluster = Cluster.withBrokers(1).image().cluster().id();

        assertThat(removal(cluster, 3, 3)).isEqualTo(ErrorCode.NONE);
        assertThat(removal("another", 3, 3)).isEqualTo(ErrorCode.INCONSISTENT_CLUSTER_ID);
        assertThat(removal(cluster, 4, 3)).isEqualTo(ErrorCode.VOTER_NOT_FOUND);
        assertThat(removal(cluster, 1, 1)).isEqualTo(ErrorCode.VOTER_NOT_FOUND);
    }

    @Test
    void aFeatureWithOneLevelIsUpdatedToThatAndNoOther() {
        assertThat(updateOfGroupVersion(1).errorCode()).isEqualTo(ErrorCode.NONE.code());

        var refused = updateOfGroupVersion(0);
        assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(refused.errorMessage()).contains("level 0", "group.coordinator.rebalance.protocols");
    }

    private static UpdateFeaturesResponse updateOfGroupVersion(int level) {
        var update = UpdateFeaturesRequest.FeatureUpdate.builder()
                .feature("group.version")
                .maxVersionLevel((short) level)
                .build();
        return Cluster.withBrokers(1)
                .decide(
                        new UpdateFeaturesDecider(),
                        UpdateFeaturesRequest.builder()
                                .featureUpdates(List.of(update))
                                .build());
    }

    @Test
    void featuresThatNobodyOffersAreRefused() {
        var update = UpdateFeaturesRequest.FeatureUpdate.builder()
                .feature("metadata.version")
                .maxVersionLevel((short) 7)
                .build();

        var reply = Cluster.withBrokers(1)
                .decide(
                        new UpdateFeaturesDecider(),
                        UpdateFeaturesRequest.builder()
                                .featureUpdates(List.of(update))
                                .build());

        assertThat(reply.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        assertThat(reply.results()).hasSize(1);
        assertThat(reply.errorMessage()).contains("level 7 of feature metadata.version");
    }

    @Test
    void theQuorumIsShownUnderTheNameThatToolsKnow() {
        var leadership = new Leadership(OptionalInt.of(2), 4, true);
        var state = new QuorumState(
                leadership,
                100,
                List.of(new QuorumState.Member(1, 90, 5, 4), new QuorumState.Member(2, 100, 6, 6)),
                List.of());
        var decider = new DescribeQuorumDecider(() -> state);
        var request = DescribeQuorumRequest.builder()
                .topics(List.of(topic("__cluster_metadata"), topic("orders")))
                .build();

        var reply = Cluster.withBrokers(1, 2, 3).decide(decider, request);

        var row = reply.topics().get(0).partitions().get(0);
        assertThat(row.leaderId()).isEqualTo(2);
        assertThat(row.leaderEpoch()).isEqualTo(4);
        assertThat(row.highWatermark()).isEqualTo(100);
        assertThat(row.currentVoters()).extracting(ReplicaState::replicaId).containsExactly(1, 2);
        assertThat(row.currentVoters()).extracting(ReplicaState::logEndOffset).containsExactly(90L, 100L);
        assertThat(row.observers()).extracting(ReplicaState::replicaId).containsExactly(3);
        assertThat(reply.nodes()).hasSize(2);
        assertThat(reply.topics().get(1).partitions().get(0).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    private static DescribeQuorumRequest.Topic topic(String name) {
        return new DescribeQuorumRequest.Topic(name, List.of(new DescribeQuorumRequest.Partition(0)));
    }
}
