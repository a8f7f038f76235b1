package io.thalweg.integration.processes;

import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;

/** {@link ClusterFaultTest} with containers of the image that is named with {@code -Dcontainer.image=}, where an engine runs. */
@Tag("docker")
final class ContainerFaultTest {

    private static final String IMAGE = System.getProperty("container.image", "");

    @BeforeAll
    static void requireAnImageAndAnEngine() {
        assumeFalse(IMAGE.isEmpty(), "skipped: -Dcontainer.image= names none that cli/make-container has made");
        assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "skipped: no container engine runs here (apt-get install docker.io; dockerd)");
    }

    /** {@code -Dseconds=600} has it run longer. */
    @Test
    @Timeout(value = 2, unit = TimeUnit.HOURS)
    void acknowledgedRecordsSurviveRandomFaultsOfContainers(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var cluster = ContainerCluster.start(IMAGE, directory, FaultCampaign.IMPATIENT)) {
            FaultCampaign.run(cluster, cluster, Duration.ofSeconds(Integer.getInteger("seconds", 30)));
        }
    }
}
