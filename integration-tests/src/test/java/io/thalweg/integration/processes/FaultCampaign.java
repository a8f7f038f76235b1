package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.TopicPartitionInfo;
import org.awaitility.Awaitility;

/** Random faults for some time, in a cluster that is written to: what was acknowledged is there, once, in order. */
final class FaultCampaign {

    /** What the topic is written with, and has to keep. */
    static final Map<String, String> SAFE = Map.of("min.insync.replicas", "2");

    /** Settings with which servers notice soon what happened to others. */
    static final List<String> IMPATIENT = List.of(
            "broker.session.timeout.ms=4000", "broker.heartbeat.interval.ms=500", "replica.lag.time.max.ms=4000");

    private FaultCampaign() {}

    /** Runs one; its seed is that of {@code -Dseed=}, else a new one, which a failure tells. */
    static void run(StrikableCluster cluster, Cuts cuts, Duration length) throws Exception {
        var given = System.getProperty("seed", "");
        var seed = given.isEmpty() ? new Random().nextLong() : Long.parseLong(given);
        try (var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            var load = LedgerLoad.begin(cluster.bootstrap(), 3, SAFE);
            var script = new FaultScript(cluster, cuts, load, new Random(seed));
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

    static void awaitAllInSync(Admin admin) {
        Awaitility.await("all replicas in sync")
                .atMost(Duration.ofSeconds(90))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(partitions(admin))
                        .allSatisfy(partition -> assertThat(partition.isr()).hasSize(3)));
    }

    static List<TopicPartitionInfo> partitions(Admin admin) throws Exception {
        return admin.describeTopics(List.of(LedgerLoad.TOPIC))
                .allTopicNames()
                .get(10, TimeUnit.SECONDS)
                .get(LedgerLoad.TOPIC)
                .partitions();
    }
}
