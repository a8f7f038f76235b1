package io.thalweg.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Applications on the Java SDK while brokers suffer. A seed that fails is run again alone with {@code -Dseed=}, or with
 * {@code ./simulate --sdk --seed}.
 */
@Timeout(1800)
final class SdkSimulationTest {

    private static final long SEEDS_IN_THE_SUITE = 3;
    private static final long SEEDS_IN_A_CAMPAIGN = 1_000;

    private static LongStream seeds(long first, long count) {
        var asked = Long.getLong("seed");
        return asked == null ? LongStream.range(first, first + count) : LongStream.of(asked);
    }

    private static void assertThatInvariantsHold(LongStream seeds) {
        seeds.forEach(seed -> {
            var outcome = SdkRun.of(seed, false);

            assertThat(outcome.violation())
                    .as("seed %d: %s", seed, String.join("\n", outcome.journal()))
                    .isEmpty();
        });
    }

    @Test
    void theSameSeedRunsTheSameEvents() {
        assertThat(SdkRun.of(3, false).hash()).isEqualTo(SdkRun.of(3, false).hash());
    }

    @ParameterizedTest
    @CsvSource({
        "6, what was sent on the client's own thread while it asked for the partitions of the topic",
        "700960, a batch on its way behind one that was given up",
        "703211, a batch that was sent again after more of its followers than a broker knows",
        "703492, a batch that was given up and came to lie behind what was written later"
    })
    void invariantsHoldForSeedsThatFailedOnce(long seed, String whatItToldOf) {
        assertThatInvariantsHold(LongStream.of(seed));
    }

    @Test
    void whatWasAcknowledgedIsThereOnceInOrderAndDelivered() {
        assertThatInvariantsHold(seeds(1, SEEDS_IN_THE_SUITE));
    }

    @Tag("slow")
    @Test
    void theSameForManySeeds() {
        assertThatInvariantsHold(seeds(1_000, SEEDS_IN_A_CAMPAIGN));
    }
}
