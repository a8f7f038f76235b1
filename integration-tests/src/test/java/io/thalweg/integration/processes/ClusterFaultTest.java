package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three processes that form a cluster, and what may happen to them: what was acknowledged is there, once, in order. */
final class ClusterFaultTest {

    private static final Map<String, String> SAFE = Map.of("min.insync.replicas", "2");
    private static final String[] IMPATIENT = {
        "broker.session.timeout.ms=4000", "broker.heartbeat.interval.ms=500", "replica.lag.time.max.ms=4000"
    };

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTheLossOfLeadersAndOfAll(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var cluster = ClusterProcesses.start(directory, IMPATIENT);
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            var load = LedgerLoad.begin(cluster.bootstrap(), 3, SAFE);
            load.awaitMore(300);
            var leader = cluster.server(leaderOf(admin, 0));

            leader.kill();

            load.awaitMore(1_000);
            leader.start();
            awaitAllInSync(admin);
            var controller = cluster.server(controllerId(admin));

            controller.pause();

            Awaitility.await("another controller")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> controllerId(admin) != controller.id());
            load.awaitMore(1_000);
            controller.resume();
            awaitAllInSync(admin);

            cluster.killAll();
            cluster.startAll();

            load.awaitMore(1_000);
            awaitAllInSync(admin);
            load.endAndCheck();
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveSomeRandomFaults(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        randomFaults(directory, Duration.ofSeconds(20));
    }

    /** {@code -Dminutes=30} has it run longer. */
    @Test
    @Tag("slow")
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void acknowledgedRecordsSurviveMinutesOfRandomFaults(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        randomFaults(directory, Duration.ofMinutes(Integer.getInteger("minutes", 2)));
    }

    private static void randomFaults(Path directory, Duration length) throws Exception {
        var seed = FaultScript.seed();
        try (var network = new CuttableNetwork();
                var cluster = ClusterProcesses.startWithin(network, directory, IMPATIENT);
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            var load = LedgerLoad.begin(cluster.bootstrap(), 3, SAFE);
            var script = new FaultScript(cluster, network, load, new Random(seed));
            var end = System.nanoTime() + length.toNanos();
            while (System.nanoTime() < end) {
                script.step();
            }
            script.heal();
            awaitAllInSync(admin);
            load.awaitMore(300);
            load.endAndCheck();
            System.out.println(load.acknowledgedCount() + " records acknowledged, faults: " + script.counts());
        } catch (Exception | AssertionError e) {
            throw new AssertionError("with -Dseed=" + seed, e);
        }
    }

    private static int controllerId(Admin admin) throws Exception {
        return admin.describeMetadataQuorum()
                .quorumInfo()
                .get(10, TimeUnit.SECONDS)
                .leaderId();
    }

    private static int leaderOf(Admin admin, int partition) throws Exception {
        return partitions(admin).get(partition).leader().id();
    }

    private static List<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        return admin.describeTopics(List.of(LedgerLoad.TOPIC))
                .allTopicNames()
                .get(10, TimeUnit.SECONDS)
                .get(LedgerLoad.TOPIC)
                .partitions();
    }

    private static void awaitAllInSync(Admin admin) {
        Awaitility.await("all replicas in sync")
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(partitions(admin))
                        .allSatisfy(partition -> assertThat(partition.isr()).hasSize(3)));
    }
}
