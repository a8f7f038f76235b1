package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that waits for a quorum which does not come, and is told to stop. */
final class StopWhileStartingTest {

    private static final String CLEAN = ".kafka_cleanshutdown";

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void logsAreClosedAsByAnyOtherStop() throws Exception {
        var data = directory.resolve("data");
        var nobody = ClusterProcesses.freePorts(1).get(0);
        try (var server = ServerProcess.start(
                data,
                "--set",
                "process.roles=broker",
                "--set",
                "node.id=2",
                "--set",
                "controller.listener.names=CONTROLLER",
                "--set",
                "controller.quorum.voters=1@127.0.0.1:" + nobody)) {
            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(directory.resolve("server.log"))
                            .contains("waiting for a majority of the servers that vote"));
            assertThat(data).isDirectoryNotContaining("glob:**" + CLEAN);

            assertThat(server.stop()).isEqualTo("Thalweg stopped");

            assertThat(server.exitCode()).isZero();
            assertThat(data.resolve(CLEAN)).exists();
        }
    }
}
