package io.thalweg.integration.processes;

import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 again and again under an idempotent producer: what was acknowledged is there, once, in order. */
final class KillTest {

    private static final int ACKNOWLEDGED_PER_ROUND = 300;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTwentyKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        killRounds(directory, 20);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTwoHundredKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        killRounds(directory, 200);
    }

    private static void killRounds(Path directory, int rounds) throws Exception {
        var random = new Random(20_261_121);
        try (var broker = BrokerProcess.start(directory.resolve("data"))) {
            var load = LedgerLoad.begin(broker.bootstrap(), 1, Map.of());
            for (var round = 0; round < rounds; round++) {
                load.awaitMore(1 + random.nextInt(ACKNOWLEDGED_PER_ROUND));
                broker.killAndRestart();
            }
            load.endAndCheck();
        }
    }
}
