package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.TestClient;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import io.thalweg.protocol.message.InitProducerIdRequest;
import io.thalweg.protocol.message.InitProducerIdResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three brokers that stay up. */
@Timeout(120)
final class ClusterTest {

    @SuppressWarnings("NullAway.Init") // JUnit calls start first
    private static TestCluster cluster;

    @BeforeAll
    static void start() {
        cluster = TestCluster.start(3, Map.of("broker.session.timeout.ms", "60000"));
    }

    @AfterAll
    static void end() {
        cluster.close();
    }

    private static TestClient client(int broker) {
        return TestClient.connect(cluster.network(), cluster.endpoint(broker));
    }

    private static CreateTopicsResponse.Topic create(TestClient client, String name, int partitions, int replicas) {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(name)
                        .numPartitions(partitions)
                        .replicationFactor((short) replicas)
                        .build()))
                .build();
        return client.call(request, 7, CreateTopicsResponse.class).topics().get(0);
    }

    private static MetadataResponse metadata(TestClient client, String topic) {
        var request = MetadataRequest.builder()
                .topics(List.of(MetadataRequest.Topic.builder().name(topic).build()))
                .allowAutoTopicCreation(false)
                .build();
        return client.call(request, 12, MetadataResponse.class);
    }

    @Test
    void everyBrokerKnowsTheOthers() {
        for (int id = 1; id <= 3; id++) {
            try (var client = client(id)) {
                TestCluster.awaitThat(
                        "broker knows all",
                        () -> client.call(DescribeClusterRequest.builder().build(), 0, DescribeClusterResponse.class)
                                        .brokers()
                                        .size()
                                == 3);
            }
            assertThat(cluster.broker(id).clusterId())
                    .isEqualTo(cluster.broker(1).clusterId());
        }
    }

    @Test
    void aTopicCreatedThroughAnyBrokerIsThereAtOnce() {
        for (int id = 1; id <= 3; id++) {
            try (var client = client(id)) {
                var created = create(client, "through-" + id, 6, 1);

                assertThat(created.errorCode()).isEqualTo(ErrorCode.NONE.code());
                var topic = metadata(client, "through-" + id).topics().get(0);
                assertThat(topic.partitions()).hasSize(6);
                assertThat(topic.partitions())
                        .extracting(MetadataResponse.Partition::leaderId)
                        .contains(1, 2, 3);
            }
        }
    }

    @Test
    void whatTheControllerRefusesIsToldInItsWords() {
        try (var client = client(cluster.controller() % 3 + 1)) {
            var refused = create(client, "too-wide", 1, 4);

            assertThat(refused.errorCode()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR.code());
            assertThat(refused.errorMessage()).contains("replication factor 4");
        }
    }

    @Test
    void producerIdsAreUniqueOverBrokers() {
        var ids = new TreeSet<Long>();
        for (int id = 1; id <= 3; id++) {
            try (var client = client(id)) {
                for (int i = 0; i < 5; i++) {
                    var given = client.call(
                            InitProducerIdRequest.builder()
                                    .transactionalId(null)
                                    .transactionTimeoutMillis(1)
                                    .build(),
                            4,
                            InitProducerIdResponse.class);
                    assertThat(given.errorCode()).isEqualTo(ErrorCode.NONE.code());
                    ids.add(given.producerId());
                }
            }
        }
        assertThat(ids).hasSize(15);
    }

    @Test
    void whatBrokersAskTheControllerIsNotOfferedToClients() {
        try (var client = client(1)) {
            var offered = client.call(
                            ApiVersionsRequest.builder()
                                    .clientSoftwareName("test")
                                    .clientSoftwareVersion("1")
                                    .build(),
                            4,
                            ApiVersionsResponse.class)
                    .apiKeys();

            assertThat(offered)
                    .extracting(ApiVersionsResponse.ApiVersion::apiKey)
                    .doesNotContain(
                            ApiKey.BROKER_REGISTRATION.id(),
                            ApiKey.BROKER_HEARTBEAT.id(),
                            ApiKey.ALTER_PARTITION.id(),
                            ApiKey.ENVELOPE.id(),
                            ApiKey.ALLOCATE_PRODUCER_IDS.id());
        }
    }
}
