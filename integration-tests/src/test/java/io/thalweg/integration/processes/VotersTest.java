package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.DuplicateVoterException;
import org.apache.kafka.common.errors.VoterNotFoundException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Processes that begin and cease to vote on metadata, while records are written. */
final class VotersTest {

    private static final String[] IMPATIENT = {"broker.session.timeout.ms=4000", "broker.heartbeat.interval.ms=500"};

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aVoterIsReplacedByAnotherServerWhileRecordsAreWritten(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (var cluster = ClusterProcesses.start(directory, IMPATIENT);
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            var load = LedgerLoad.begin(cluster.bootstrap(), 3, Map.of("min.insync.replicas", "2"));
            load.awaitMore(50);
            var newcomer = cluster.startNewcomer(IMPATIENT);
            assertThat(voters(admin)).containsExactlyInAnyOrder(1, 2, 3);

            add(admin, newcomer);
            assertThat(voters(admin)).containsExactlyInAnyOrder(1, 2, 3, 4);
            assertThatThrownBy(() -> add(admin, newcomer)).hasCauseInstanceOf(DuplicateVoterException.class);
            // One of those that were there: the leader, unless that is the newcomer by now.
            var removed = Math.min(quorum(admin).leaderId(), newcomer.id() - 1);
            remove(cluster, removed);

            awaitVoters(admin, removed);
            assertThatThrownBy(() ->
                            admin.removeRaftVoter(removed, Uuid.ZERO_UUID).all().get(20, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(VoterNotFoundException.class);
            load.awaitMore(200);
            // Who was removed is a broker as before, and who was added makes up for another voter.
            cluster.server(removed % 3 + 1).kill();
            load.awaitMore(200);
            cluster.server(removed % 3 + 1).start();
            cluster.killAll();
            cluster.startAll();
            load.awaitMore(200);
            awaitVoters(admin, removed);
            load.endAndCheck();
        }
    }

    private static void add(Admin admin, ClusterProcesses.Newcomer server) throws Exception {
        var endpoint = new RaftVoterEndpoint("CONTROLLER", "127.0.0.1", server.port());
        admin.addRaftVoter(server.id(), Uuid.ZERO_UUID, Set.of(endpoint)).all().get(60, TimeUnit.SECONDS);
    }

    /** As an operator does. */
    private static void remove(ClusterProcesses cluster, int id) throws Exception {
        KafkaTool.run(
                "org.apache.kafka.tools.MetadataQuorumCommand",
                "--bootstrap-server",
                cluster.bootstrap(),
                "remove-controller",
                "--controller-id",
                Integer.toString(id),
                "--controller-directory-id",
                Uuid.ZERO_UUID.toString());
    }

    private static void awaitVoters(Admin admin, int removed) {
        var expected = List.of(1, 2, 3, 4).stream().filter(id -> id != removed).toList();
        Awaitility.await("voters " + expected)
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(voters(admin)).containsExactlyInAnyOrderElementsOf(expected));
    }

    private static List<Integer> voters(Admin admin) throws Exception {
        return quorum(admin).voters().stream()
                .map(QuorumInfo.ReplicaState::replicaId)
                .toList();
    }

    private static QuorumInfo quorum(Admin admin) throws Exception {
        return admin.describeMetadataQuorum().quorumInfo().get(20, TimeUnit.SECONDS);
    }
}
