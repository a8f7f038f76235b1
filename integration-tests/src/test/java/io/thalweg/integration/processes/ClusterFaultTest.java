package io.thalweg.integration.processes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Three processes that form a cluster, and what may happen to them: what was acknowledged is there, once, in order. */
final class ClusterFaultTest {

    private static final String[] IMPATIENT = FaultCampaign.IMPATIENT.toArray(String[]::new);

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTheLossOfLeadersAndOfAll(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var cluster = ClusterProcesses.start(directory, IMPATIENT);
                var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()))) {
            var load = LedgerLoad.begin(cluster.bootstrap(), 3, FaultCampaign.SAFE);
            load.awaitMore(300);
            var leader = cluster.server(leaderOf(admin, 0));

            leader.kill();

            load.awaitMore(1_000);
            leader.start();
            FaultCampaign.awaitAllInSync(admin);
            var controller = cluster.server(controllerId(admin));

            controller.pause();

            Awaitility.await("another controller")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> controllerId(admin) != controller.id());
            load.awaitMore(1_000);
            controller.resume();
            FaultCampaign.awaitAllInSync(admin);

            cluster.killAll();
            cluster.startAll();

            load.awaitMore(1_000);
            FaultCampaign.awaitAllInSync(admin);
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
        try (var network = new CuttableNetwork();
                var cluster = ClusterProcesses.startWithin(network, directory, IMPATIENT)) {
            FaultCampaign.run(cluster, new WayCuts(network, cluster.servers().size()), length);
        }
    }

    private static int controllerId(Admin admin) throws Exception {
        return admin.describeMetadataQuorum()
                .quorumInfo()
                .get(10, TimeUnit.SECONDS)
                .leaderId();
    }

    private static int leaderOf(Admin admin, int partition) throws Exception {
        return FaultCampaign.partitions(admin).get(partition).leader().id();
    }
}
