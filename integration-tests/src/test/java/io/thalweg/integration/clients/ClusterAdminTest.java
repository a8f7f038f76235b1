package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.ElectionNotNeededException;
import org.apache.kafka.common.errors.InvalidReplicaAssignmentException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidUpdateVersionException;
import org.apache.kafka.common.errors.NoReassignmentInProgressException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's Admin client at three brokers over TCP and files, which share a metadata quorum within the process. */
@Timeout(120)
final class ClusterAdminTest {

    private static final Map<Integer, Broker> BROKERS = new TreeMap<>();
    private static Admin admin;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        var quorum = InProcessQuorum.of(1, 2, 3);
        var starts = List.of(1, 2, 3).stream()
                .map(id -> CompletableFuture.supplyAsync(
                        () -> start(id, quorum, directory.resolve("broker-" + id)),
                        task -> new Thread(task, "start-" + id).start()))
                .toList();
        for (int id = 1; id <= 3; id++) {
            BROKERS.put(id, starts.get(id - 1).get(100, TimeUnit.SECONDS));
        }
        admin = Admin.create(Map.of(
                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, BROKERS.get(2).bootstrap()));
    }

    private static Broker start(int id, InProcessQuorum quorum, Path directory) {
        try {
            return Broker.builder()
                    .nodeId(id)
                    .listen("127.0.0.1:0")
                    .storage(FileStorage.at(Files.createDirectories(directory)))
                    .metadataLog(quorum)
                    .config("broker.rack", "rack-" + id)
                    .config("broker.session.timeout.ms", "60000")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        admin.close();
        BROKERS.values().forEach(Broker::close);
    }

    private static <T> T get(KafkaFuture<T> future) throws Exception {
        return future.get(60, TimeUnit.SECONDS);
    }

    private static Throwable failureOf(KafkaFuture<?> future) throws InterruptedException, TimeoutException {
        try {
            future.get(60, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            return e.getCause();
        }
        throw new AssertionError("expected a refusal");
    }

    private static void create(String name, Integer... replicas) throws Exception {
        get(admin.createTopics(List.of(new NewTopic(name, Map.of(0, List.of(replicas)))))
                .all());
    }

    /** Any broker may be asked, so that what was done through another is awaited. */
    private static void eventually(ThrowingRunnable claim) {
        await().atMost(Duration.ofSeconds(60)).ignoreExceptions().untilAsserted(claim);
    }

    private static List<TopicPartitionInfo> partitions(String topic) throws Exception {
        return get(admin.describeTopics(List.of(topic)).allTopicNames())
                .get(topic)
                .partitions();
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    @Test
    void theClusterIsDescribedWithRacks() throws Exception {
        eventually(() -> assertThat(
                        get(admin.describeCluster().nodes()).stream().collect(Collectors.toMap(Node::id, Node::rack)))
                .isEqualTo(Map.of(1, "rack-1", 2, "rack-2", 3, "rack-3")));
        var described = admin.describeCluster();

        assertThat(get(described.clusterId())).isEqualTo(BROKERS.get(1).clusterId());
        assertThat(get(described.controller()).id()).isBetween(1, 3);
    }

    @Test
    void theQuorumIsDescribed() throws Exception {
        var quorum = get(admin.describeMetadataQuorum().quorumInfo());

        assertThat(quorum.leaderId()).isBetween(1, 3);
        assertThat(quorum.voters())
                .extracting(QuorumInfo.ReplicaState::replicaId)
                .containsExactly(1, 2, 3);
        assertThat(quorum.highWatermark()).isPositive();
        assertThat(quorum.nodes()).containsOnlyKeys(1, 2, 3);
    }

    @Test
    void replicasAreSpreadOverAllBrokers() throws Exception {
        get(admin.createTopics(List.of(new NewTopic("spread", 6, (short) 3))).all());

        eventually(() -> {
            var partitions = partitions("spread");
            assertThat(partitions)
                    .hasSize(6)
                    .allSatisfy(
                            partition -> assertThat(ids(partition.replicas())).containsExactlyInAnyOrder(1, 2, 3));
            assertThat(partitions.stream().map(partition -> partition.leader().id()))
                    .containsExactlyInAnyOrder(1, 1, 2, 2, 3, 3);
        });
    }

    @Test
    void moreReplicasThanBrokersAreRefused() throws Exception {
        assertThat(failureOf(admin.createTopics(List.of(new NewTopic("wide", 1, (short) 4)))
                        .all()))
                .isInstanceOf(InvalidReplicationFactorException.class);
    }

    @Test
    void aPartitionLosesReplicasAndChangesItsPreferredLeader() throws Exception {
        create("shrunk", 1, 2, 3);
        var partition = new TopicPartition("shrunk", 0);

        get(admin.alterPartitionReassignments(
                        Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(3, 1)))))
                .all());

        eventually(() -> assertThat(ids(partitions("shrunk").get(0).replicas())).containsExactly(3, 1));
        eventually(() -> assertThat(get(admin.listPartitionReassignments().reassignments()))
                .doesNotContainKey(partition));
        get(admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).all());
        eventually(() -> assertThat(partitions("shrunk").get(0).leader().id()).isEqualTo(3));
    }

    @Test
    void aReassignmentThatIsThrottledWaitsUntilItIsNot() throws Exception {
        create("throttled", 1);
        fill("throttled", 3);
        throttle("throttled", "1");
        var partition = new TopicPartition("throttled", 0);

        get(admin.alterPartitionReassignments(Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(2)))))
                .all());

        // What is there is more than the first fetch brings.
        eventually(() -> assertThat(sizeOf(partition, 2)).isPositive());
        assertThat(get(admin.listPartitionReassignments().reassignments())).containsKey(partition);
        assertThat(sizeOf(partition, 2)).isLessThan(sizeOf(partition, 1));
        throttle("throttled", "100000000");
        eventually(() -> assertThat(get(admin.listPartitionReassignments().reassignments()))
                .doesNotContainKey(partition));
        eventually(() -> assertThat(ids(partitions("throttled").get(0).isr())).containsExactly(2));
    }

    /** As the tool for reassignments does. */
    private static void throttle(String topic, String rate) throws Exception {
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (var id : BROKERS.keySet()) {
            changes.put(
                    new ConfigResource(ConfigResource.Type.BROKER, id.toString()),
                    List.of(
                            set("leader.replication.throttled.rate", rate),
                            set("follower.replication.throttled.rate", rate)));
        }
        changes.put(
                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                List.of(
                        set("leader.replication.throttled.replicas", "0:1"),
                        set("follower.replication.throttled.replicas", "0:2")));
        get(admin.incrementalAlterConfigs(changes).all());
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** Writes so many MiB. */
    private static void fill(String topic, int mebibytes) throws Exception {
        var settings =
                Map.<String, Object>of("bootstrap.servers", BROKERS.get(1).bootstrap(), "acks", "all");
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < 2 * mebibytes; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[1 << 19])).get(60, TimeUnit.SECONDS);
            }
        }
    }

    private static long sizeOf(TopicPartition partition, int broker) throws Exception {
        return get(admin.describeLogDirs(List.of(broker)).allDescriptions()).get(broker).values().stream()
                .filter(directory -> directory.replicaInfos().containsKey(partition))
                .mapToLong(directory -> directory.replicaInfos().get(partition).size())
                .sum();
    }

    @Test
    void whatCannotBeReassignedIsRefused() throws Exception {
        create("stays", 1, 2);
        var partition = new TopicPartition("stays", 0);

        assertThat(failureOf(admin.alterPartitionReassignments(Map.of(partition, Optional.empty()))
                        .all()))
                .isInstanceOf(NoReassignmentInProgressException.class);
        assertThat(failureOf(admin.alterPartitionReassignments(
                                Map.of(partition, Optional.of(new NewPartitionReassignment(List.of(1, 9)))))
                        .all()))
                .isInstanceOf(InvalidReplicaAssignmentException.class);
    }

    @Test
    void anElectionThatIsNotNeededIsSaidToBeSo() throws Exception {
        create("led", 2, 1);
        var partition = new TopicPartition("led", 0);

        var preferred = get(
                admin.electLeaders(ElectionType.PREFERRED, Set.of(partition)).partitions());
        var unclean =
                get(admin.electLeaders(ElectionType.UNCLEAN, Set.of(partition)).partitions());

        assertThat(preferred.get(partition)).containsInstanceOf(ElectionNotNeededException.class);
        assertThat(unclean.get(partition)).containsInstanceOf(ElectionNotNeededException.class);
        assertThat(get(admin.electLeaders(ElectionType.PREFERRED, null).partitions()))
                .doesNotContainKey(partition);
    }

    @Test
    void aBrokerThatIsNotRegisteredCannotBeForgotten() throws Exception {
        assertThat(failureOf(admin.unregisterBroker(99).all())).isInstanceOf(BrokerIdNotRegisteredException.class);
    }

    @Test
    void featuresThatNobodyOffersAreRefused() throws Exception {
        var update = Map.of("metadata.version", new FeatureUpdate((short) 20, FeatureUpdate.UpgradeType.UPGRADE));

        assertThat(failureOf(admin.updateFeatures(update, new UpdateFeaturesOptions())
                        .all()))
                .isInstanceOf(InvalidUpdateVersionException.class);
    }
}
