package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.runtime.Clock;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RetriesTest {

    private final ClientRuntime runtime = new ClientRuntime(new StillLoop(), new StoppedClock(), new Random(1));

    private static final class StoppedClock implements Clock {

        @Override
        public long millis() {
            return 0;
        }

        @Override
        public long nanos() {
            return 0;
        }
    }

    @Test
    void pausesGrowUpToASecondOrSo() {
        assertThat(Retries.backoffNanos(0, runtime)).isBetween(millis(16), millis(24));
        assertThat(Retries.backoffNanos(3, runtime)).isBetween(millis(128), millis(192));
        assertThat(Retries.backoffNanos(1_000, runtime)).isBetween(millis(800), millis(1_200));
    }

    @Test
    void aPauseIsNoLongerThanTheTimeThatIsLeft() {
        assertThat(Retries.backoffNanos(1_000, millis(5), runtime)).isEqualTo(millis(5));
        assertThat(Retries.backoffNanos(0, millis(5_000), runtime)).isBetween(millis(16), millis(24));
    }

    @Test
    void whatWaitsToBeTriedAgainFailsWhenTheClientIsClosed() {
        var retries = new Retries(runtime, Duration.ofMinutes(1));
        var waiting = retries.run(
                () -> CompletableFuture.failedFuture(ClientException.disconnected("nobody is there", null)));
        assertThat(waiting).isNotDone();

        retries.close();

        assertThat(waiting).isCompletedExceptionally();
        assertThat(retries.run(() -> CompletableFuture.completedFuture("late"))).isCompletedExceptionally();
        assertThat(waiting.handle((value, failure) -> failure.getMessage()))
                .isCompletedWithValue("the client is closed, or the transport that it was lent");
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
