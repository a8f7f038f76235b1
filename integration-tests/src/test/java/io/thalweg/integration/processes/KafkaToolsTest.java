package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.integration.clients.Kcat;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Apache Kafka's own tools administer three processes that form a cluster. */
@Timeout(180)
final class KafkaToolsTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static ClusterProcesses cluster;
    private static Admin admin;

    @BeforeAll
    static void start(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        cluster = ClusterProcesses.start(directory, "auto.leader.rebalance.enable=false");
        admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        cluster.close();
    }

    private static String topics(String... arguments) throws Exception {
        return run("org.apache.kafka.tools.TopicCommand", arguments);
    }

    private static String run(String main, String... arguments) throws Exception {
        var all = new String[arguments.length + 2];
        all[0] = "--bootstrap-server";
        all[1] = cluster.bootstrap();
        System.arraycopy(arguments, 0, all, 2, arguments.length);
        return KafkaTool.run(main, all);
    }

    private static String describe(String topic) throws Exception {
        return topics("--describe", "--topic", topic);
    }

    /** Waits without a process for each look. */
    private static void await(String what, String topic, Predicate<TopicPartitionInfo> claim) {
        Awaitility.await(what).atMost(LIMIT).ignoreExceptions().until(() -> {
            var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
            return claim.test(described.get(topic).partitions().get(0));
        });
    }

    private static boolean isLedBy(int id, TopicPartitionInfo partition) {
        return partition.leader() != null && partition.leader().id() == id;
    }

    @Test
    void topicCommandCreatesDescribesAndDeletes() throws Exception {
        topics(
                "--create",
                "--topic",
                "tools",
                "--partitions",
                "6",
                "--replication-factor",
                "3",
                "--config",
                "min.insync.replicas=2");

        assertThat(describe("tools"))
                .contains("PartitionCount: 6", "ReplicationFactor: 3", "min.insync.replicas=2", "Partition: 5");
        topics("--delete", "--topic", "tools");
        assertThat(topics("--list")).doesNotContain("tools");
    }

    @Test
    void kcatSeesAllServersAndWritesToReplicatedPartitions() throws Exception {
        assumeTrue(Kcat.isInstalled(), Kcat.MISSING);
        topics("--create", "--topic", "cats", "--partitions", "3", "--replication-factor", "3");
        await("all in sync", "cats", partition -> partition.isr().size() == 3);

        Kcat.run(cluster.bootstrap(), "one\ntwo\nthree\n", "-P", "-t", "cats", "-X", "acks=all");

        assertThat(Kcat.run(cluster.bootstrap(), "", "-L", "-t", "cats"))
                .anyMatch(line -> line.strip().startsWith("3 brokers"))
                .anyMatch(line -> line.contains("\"cats\" with 3 partitions"));
        assertThat(Kcat.run(cluster.server(2).bootstrap(), "", "-C", "-t", "cats", "-e", "-q"))
                .containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void metadataQuorumCommandShowsTheVoters() throws Exception {
        var quorum = "org.apache.kafka.tools.MetadataQuorumCommand";

        var status = run(quorum, "describe", "--status");
        var replication = run(quorum, "describe", "--replication");

        assertThat(status)
                .contains("LeaderId:", "HighWatermark:", "MaxFollowerLag:")
                .containsPattern("CurrentVoters:.*3");
        assertThat(replication.lines().filter(line -> line.contains("Leader") || line.contains("Follower")))
                .hasSize(3);
    }

    @Test
    void configCommandAltersTopicsAndBrokers() throws Exception {
        var configs = "kafka.admin.ConfigCommand";
        topics("--create", "--topic", "configured", "--partitions", "1", "--replication-factor", "3");

        run(
                configs,
                "--alter",
                "--entity-type",
                "topics",
                "--entity-name",
                "configured",
                "--add-config",
                "retention.ms=123456");
        run(
                configs,
                "--alter",
                "--entity-type",
                "brokers",
                "--entity-default",
                "--add-config",
                "log.retention.ms=654321");

        assertThat(run(configs, "--describe", "--entity-type", "topics", "--entity-name", "configured"))
                .contains("retention.ms=123456");
        assertThat(run(configs, "--describe", "--entity-type", "brokers", "--entity-default"))
                .contains("log.retention.ms=654321");
    }

    @Test
    void reassignPartitionsCommandMovesReplicas(@TempDir Path directory) throws Exception {
        topics("--create", "--topic", "moved", "--replica-assignment", "1:2");
        var plan = Files.writeString(directory.resolve("plan.json"), """
                {"version":1,"partitions":[{"topic":"moved","partition":0,"replicas":[2,3]}]}
                """).toString();
        var reassign = "org.apache.kafka.tools.reassign.ReassignPartitionsCommand";

        run(reassign, "--execute", "--reassignment-json-file", plan);

        Awaitility.await("end of the reassignment")
                .atMost(LIMIT)
                .until(() ->
                        admin.listPartitionReassignments().reassignments().get().isEmpty());
        Awaitility.await("a broker that knows of it")
                .atMost(LIMIT)
                .until(() -> run(reassign, "--verify", "--reassignment-json-file", plan)
                        .contains("Reassignment of partition moved-0 is completed."));
        assertThat(describe("moved")).contains("Replicas: 2,3");
    }

    @Test
    void leaderElectionCommandGivesLeadershipBack() throws Exception {
        topics("--create", "--topic", "led", "--replica-assignment", "3:1:2");
        cluster.server(3).stop();
        await("another leader", "led", partition -> partition.leader() != null && !isLedBy(3, partition));
        cluster.server(3).start();
        await("broker 3 in sync", "led", partition -> partition.isr().stream().anyMatch(replica -> replica.id() == 3));

        var said = run(
                "org.apache.kafka.tools.LeaderElectionCommand",
                "--election-type",
                "preferred",
                "--topic",
                "led",
                "--partition",
                "0");

        assertThat(said).contains("Successfully completed leader election");
        assertThat(describe("led")).contains("Leader: 3");
    }

    @Test
    void aBrokerThatDoesNotVoteJoinsLeadsAndGoes() throws Exception {
        var broker = cluster.startBroker();

        topics("--create", "--topic", "grown", "--replica-assignment", broker.id() + ":1");

        assertThat(describe("grown")).contains("Leader: " + broker.id());
        assertThat(run("org.apache.kafka.tools.MetadataQuorumCommand", "describe", "--replication"))
                .containsPattern("(?m)^" + broker.id() + "\\s.*Observer");
        broker.stop();
        await("the leader that votes", "grown", partition -> isLedBy(1, partition));
    }
}
