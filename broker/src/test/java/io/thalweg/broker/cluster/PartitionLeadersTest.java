package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.TestClient;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import io.thalweg.protocol.message.DescribeQuorumRequest;
import io.thalweg.protocol.message.DescribeQuorumResponse;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersResponse;
import io.thalweg.protocol.message.ListPartitionReassignmentsRequest;
import io.thalweg.protocol.message.ListPartitionReassignmentsResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import io.thalweg.protocol.message.UnregisterBrokerResponse;
import io.thalweg.protocol.message.UpdateFeaturesRequest;
import io.thalweg.protocol.message.UpdateFeaturesResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who leads as brokers go and come, and what administrators do about it; asked of a broker that is not the controller. */
@Timeout(180)
final class PartitionLeadersTest {

    private static final String TOPIC = "orders";

    private final TestCluster cluster = TestCluster.start(3, Map.of("broker.session.timeout.ms", "4000"));
    private final int controller = cluster.controller();
    private final int asked = controller % 3 + 1;
    private final int other = asked % 3 + 1;
    private final TestClient client = TestClient.connect(cluster.network(), cluster.endpoint(asked));

    @AfterEach
    void end() {
        client.close();
        cluster.close();
    }

    private void create(Integer... replicas) {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(TOPIC)
                        .numPartitions(-1)
                        .replicationFactor((short) -1)
                        .assignments(List.of(new CreateTopicsRequest.Assignment(0, List.of(replicas))))
                        .build()))
                .build();
        var created =
                client.call(request, 7, CreateTopicsResponse.class).topics().get(0);
        assertThat(created.errorCode()).as(created.errorMessage()).isZero();
    }

    private MetadataResponse.Partition partition() {
        var request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.Topic.builder().name(TOPIC).build()))
                .allowAutoTopicCreation(false)
                .build();
        return client.call(request, 12, MetadataResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private boolean isUnfenced(int broker) {
        return client
                .call(DescribeClusterRequest.builder().build(), 0, DescribeClusterResponse.class)
                .brokers()
                .stream()
                .anyMatch(each -> each.brokerId() == broker);
    }

    @Test
    void aKilledLeaderIsReplacedAndLeadsAgainAfterAPreferredElection() {
        create(other, asked);
        TestCluster.awaitThat("the first replica leads", () -> partition().leaderId() == other);
        int epoch = partition().leaderEpoch();

        cluster.kill(other);

        TestCluster.awaitThat("the second one leads", () -> partition().leaderId() == asked);
        assertThat(partition().leaderEpoch()).isGreaterThan(epoch);
        assertThat(partition().isrNodes()).containsExactly(asked);
        assertThat(elect()).isEqualTo(ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE);
    }

    private ErrorCode elect() {
        var request = ElectLeadersRequest.builder()
                .electionType((byte) 0)
                .topicPartitions(List.of(new ElectLeadersRequest.TopicPartitions(TOPIC, List.of(0))))
                .build();
        var row = client.call(request, 2, ElectLeadersResponse.class)
                .replicaElectionResults()
                .get(0)
                .partitionResult()
                .get(0);
        return ErrorCode.forCode(row.errorCode()).orElseThrow();
    }

    @Test
    void theOnlyReplicaLeadsAgainWhenItIsBack() {
        create(other);

        cluster.kill(other);

        TestCluster.awaitThat("nobody leads", () -> partition().leaderId() == -1);
        assertThat(partition().errorCode()).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
        cluster.start(other);
        TestCluster.awaitThat("it leads again", () -> partition().leaderId() == other);
    }

    @Test
    void aLeaderThatStopsInOrderHandsOverFirst() {
        create(other, asked);

        cluster.stop(other);

        TestCluster.awaitThat("the second one leads", () -> partition().leaderId() == asked);
        TestCluster.awaitThat("the stopped one is fenced", () -> !isUnfenced(other));
    }

    private ErrorCode reassign(boolean isCancelled, Integer... replicas) {
        var partition = new AlterPartitionReassignmentsRequest.Partition(0, isCancelled ? null : List.of(replicas));
        var request = AlterPartitionReassignmentsRequest.builder()
                .topics(List.of(new AlterPartitionReassignmentsRequest.Topic(TOPIC, List.of(partition))))
                .build();
        var reply = client.call(request, 1, AlterPartitionReassignmentsResponse.class);
        assertThat(reply.errorCode()).isZero();
        return ErrorCode.forCode(reply.responses().get(0).partitions().get(0).errorCode())
                .orElseThrow();
    }

    private List<ListPartitionReassignmentsResponse.Topic> moving() {
        var request = ListPartitionReassignmentsRequest.builder().topics(null).build();
        return client.call(request, 0, ListPartitionReassignmentsResponse.class).topics();
    }

    @Test
    void replicasAreTakenAwayAtOnce() {
        create(other, asked, controller);

        assertThat(reassign(false, asked, controller)).isEqualTo(ErrorCode.NONE);

        assertThat(partition().replicaNodes()).containsExactly(asked, controller);
        assertThat(partition().leaderId()).isEqualTo(asked);
        assertThat(moving()).isEmpty();
        assertThat(reassign(true)).isEqualTo(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS);
    }

    @Test
    void aBrokerThatIsGoneCanBeForgotten() {
        cluster.kill(other);

        var unknown = client.call(new UnregisterBrokerRequest(99), 0, UnregisterBrokerResponse.class);
        var forgotten = client.call(new UnregisterBrokerRequest(other), 0, UnregisterBrokerResponse.class);

        assertThat(unknown.errorCode()).isEqualTo(ErrorCode.BROKER_ID_NOT_REGISTERED.code());
        assertThat(forgotten.errorCode()).isZero();
        assertThat(isUnfenced(other)).isFalse();
        cluster.start(other);
        TestCluster.awaitThat("it is registered anew", () -> isUnfenced(other));
    }

    @Test
    void aLivingBrokerThatIsForgottenRegistersAgain() {
        var forgotten = client.call(new UnregisterBrokerRequest(other), 0, UnregisterBrokerResponse.class);

        assertThat(forgotten.errorCode()).isZero();
        TestCluster.awaitThat("it is registered anew", () -> isUnfenced(other));
    }

    @Test
    void theQuorumIsDescribedByWhoeverIsAsked() {
        var request = DescribeQuorumRequest.builder()
                .topics(List.of(new DescribeQuorumRequest.Topic(
                        "__cluster_metadata", List.of(new DescribeQuorumRequest.Partition(0)))))
                .build();

        var described = client.call(request, 2, DescribeQuorumResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);

        assertThat(described.leaderId()).isEqualTo(controller);
        assertThat(described.currentVoters())
                .extracting(DescribeQuorumResponse.ReplicaState::replicaId)
                .containsExactly(1, 2, 3);
        assertThat(described.highWatermark()).isPositive();
    }

    @Test
    void anUnknownFeatureCannotBeUpdatedInAnyVersion() {
        var update =
                UpdateFeaturesRequest.FeatureUpdate.builder().feature("nope").maxVersionLevel((short) 1);
        for (int version = 0; version <= 2; version++) {
            var request = UpdateFeaturesRequest.builder()
                    .featureUpdates(List.of(update.allowDowngrade(version == 0).build()))
                    .build();

            var reply = client.call(request, version, UpdateFeaturesResponse.class);

            assertThat(reply.errorCode()).isEqualTo(ErrorCode.INVALID_UPDATE_VERSION.code());
        }
    }
}
