package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.TestClient;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Brokers and controllers that come and go. */
@Timeout(180)
final class ControllerMoveTest {

    private TestCluster cluster = TestCluster.start();

    @AfterEach
    void end() {
        cluster.close();
    }

    private TestClient client(int broker) {
        return TestClient.connect(cluster.network(), cluster.endpoint(broker));
    }

    private static short create(TestClient client, String name) {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(name)
                        .numPartitions(1)
                        .replicationFactor((short) 1)
                        .build()))
                .build();
        return client.call(request, 7, CreateTopicsResponse.class)
                .topics()
                .get(0)
                .errorCode();
    }

    private static long unfencedCount(TestClient client) {
        return client.call(DescribeClusterRequest.builder().build(), 0, DescribeClusterResponse.class)
                .brokers()
                .size();
    }

    @Test
    void requestsFindTheControllerWhereverItGoes() {
        try (var client = client(1)) {
            for (int move = 0; move < 6; move++) {
                cluster.quorum().resign();

                // One whose answer was lost is sent again.
                assertThat(create(client, "after-move-" + move))
                        .isIn(ErrorCode.NONE.code(), ErrorCode.TOPIC_ALREADY_EXISTS.code());
            }
        }
    }

    @Test
    void aBrokerThatDoesNotVoteIsAMemberLikeOthers() {
        var builder = Broker.builder()
                .nodeId(4)
                .config("process.roles", "broker")
                .config("controller.quorum.bootstrap.servers", "node-1:1")
                .listen("node-4:0")
                .transport(cluster.network())
                .storage(new MemoryStorage())
                .metadataLog(cluster.quorum());

        try (var fourth = builder.start();
                var client =
                        TestClient.connect(cluster.network(), fourth.endpoints().get(0))) {
            TestCluster.awaitThat("it knows itself and the others", () -> unfencedCount(client) == 4);
            assertThat(create(client, "asked-of-the-fourth")).isEqualTo(ErrorCode.NONE.code());
            cluster.quorum().resign();
            assertThat(create(client, "asked-again")).isEqualTo(ErrorCode.NONE.code());
            assertThat(cluster.controller()).isNotEqualTo(4);
        }
    }

    @Test
    void aKilledBrokerIsFencedAndComesBack() {
        int victim = cluster.controller();
        int other = victim % 3 + 1;
        try (var client = client(other)) {
            TestCluster.awaitThat("all are there", () -> unfencedCount(client) == 3);

            cluster.kill(victim);

            assertThat(create(client, "without-the-first-controller")).isEqualTo(ErrorCode.NONE.code());
            TestCluster.awaitThat("the killed one is fenced", () -> unfencedCount(client) == 2);
            cluster.start(victim);
            TestCluster.awaitThat("it is back", () -> unfencedCount(client) == 3);
        }
    }

    @Test
    void aBrokerThatWasCutOffIsFencedAndJoinsAgain() {
        int victim = cluster.controller() % 3 + 1;
        int other = cluster.controller();
        try (var client = client(other)) {
            TestCluster.awaitThat("all are there", () -> unfencedCount(client) == 3);

            cluster.cutOff(victim);

            TestCluster.awaitThat("the lost one is fenced", () -> unfencedCount(client) == 2);
            cluster.rejoin(victim);
            TestCluster.awaitThat("it is back", () -> unfencedCount(client) == 3);
        }
    }

    @Test
    void aBrokerThatStopsInOrderIsFencedLongBeforeItsSessionEnds() {
        cluster.close();
        cluster = TestCluster.start(3, Map.of("broker.session.timeout.ms", "600000"));
        int victim = cluster.controller() % 3 + 1;
        try (var client = client(cluster.controller())) {
            TestCluster.awaitThat("all are there", () -> unfencedCount(client) == 3);

            cluster.stop(victim);

            TestCluster.awaitThat("it is fenced", () -> unfencedCount(client) == 2);
        }
    }
}
