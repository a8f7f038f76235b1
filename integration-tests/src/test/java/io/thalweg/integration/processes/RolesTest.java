package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.common.Node;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Processes that only vote, and processes that are only brokers. */
final class RolesTest {

    private static final String[] IMPATIENT = {"broker.session.timeout.ms=4000", "broker.heartbeat.interval.ms=500"};

    /** No session ends while the test runs. */
    private static final String[] PATIENT = {"broker.session.timeout.ms=3600000", "broker.heartbeat.interval.ms=500"};

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void aBrokerGoesOnWithoutAControllerWhereNothingIsToBeDecided(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (var cluster = ClusterProcesses.startApart(directory, 1, 1, PATIENT)) {
            var load = LedgerLoad.begin(cluster.bootstrapOf(cluster.server(2)), 1, Map.of());
            load.awaitMore(50);

            cluster.server(1).kill();

            load.awaitMore(500);
            load.endAndCheck();
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void aControllerThatComesBackDecidesForBrokers(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var cluster = ClusterProcesses.startApart(directory, 1, 2, PATIENT);
                var admin = Admin.create(
                        Map.of("bootstrap.servers", cluster.bootstrapOf(cluster.server(2), cluster.server(3))))) {
            var load = LedgerLoad.begin(
                    cluster.bootstrapOf(cluster.server(2), cluster.server(3)), 2, Map.of("min.insync.replicas", "2"));
            load.awaitMore(50);

            cluster.server(1).kill();

            load.awaitMore(500);
            cluster.server(1).start();
            Awaitility.await("a topic")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> create(admin, "later", 2));
            assertThat(admin.describeCluster().nodes().get())
                    .extracting(Node::id)
                    .containsExactlyInAnyOrder(2, 3);
            assertThat(quorum(admin).leaderId()).isEqualTo(1);
            assertThat(quorum(admin).observers())
                    .extracting(QuorumInfo.ReplicaState::replicaId)
                    .containsExactlyInAnyOrder(2, 3);
            load.endAndCheck();

            cluster.server(3).kill();

            Awaitility.await("a broker less")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .untilAsserted(
                            () -> assertThat(admin.describeCluster().nodes().get())
                                    .extracting(Node::id)
                                    .containsExactly(2));
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void anotherControllerDecidesWhenTheFirstOneIsKilled(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var cluster = ClusterProcesses.startApart(directory, 3, 3, IMPATIENT)) {
            var brokers = cluster.bootstrapOf(cluster.server(4), cluster.server(5), cluster.server(6));
            try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
                var load = LedgerLoad.begin(brokers, 3, Map.of("min.insync.replicas", "2"));
                load.awaitMore(50);
                var first = quorum(admin).leaderId();

                cluster.server(first).kill();
                cluster.server(4).kill();

                load.awaitMore(500);
                assertThat(quorum(admin).leaderId()).isNotEqualTo(first).isBetween(1, 3);
                cluster.startAll();
                Awaitility.await("a topic on all brokers")
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .until(() -> create(admin, "later", 3));
                load.endAndCheck();
            }
        }
    }

    private static boolean create(Admin admin, String topic, int replicationFactor) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) replicationFactor)))
                .all()
                .get(20, TimeUnit.SECONDS);
        return true;
    }

    private static QuorumInfo quorum(Admin admin) throws Exception {
        return admin.describeMetadataQuorum().quorumInfo().get(20, TimeUnit.SECONDS);
    }
}
