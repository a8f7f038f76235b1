package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.runtime.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StaleTopicsTest {

    private long nowNanos = 17;
    private final StaleTopics stale =
            new StaleTopics(new ClientRuntime(new StillLoop(), new SetClock(), new Random(1)));

    private final class SetClock implements Clock {

        @Override
        public long millis() {
            return nowNanos / 1_000_000;
        }

        @Override
        public long nanos() {
            return nowNanos;
        }
    }

    private void askInVain(String topic) {
        stale.add(topic);
        nowNanos += stale.nanosUntilDue();
        assertThat(stale.takeDue()).containsExactly(topic);
        stale.answered(topic, false);
    }

    @Test
    void aTopicWithoutALeaderIsAskedForLessAndLessOften() {
        var begun = nowNanos;

        for (int time = 0; time < 20; time++) {
            askInVain("leaderless");
        }

        assertThat(Duration.ofNanos(nowNanos - begun)).isGreaterThan(Duration.ofSeconds(10));
    }

    @Test
    void othersDoNotWaitForIt() {
        for (int time = 0; time < 20; time++) {
            askInVain("leaderless");
        }
        stale.add("leaderless");

        assertThat(stale.add("moved")).isTrue();

        assertThat(Duration.ofNanos(stale.nanosUntilDue())).isLessThan(Duration.ofMillis(30));
        nowNanos += stale.nanosUntilDue();
        assertThat(stale.takeDue()).containsExactly("moved");
        assertThat(stale.add("leaderless")).isFalse();
    }

    @Test
    void whoHasChangedOrWasQuietForLongBeginsAnew() {
        for (var topic : List.of("quiet", "changed")) {
            for (int time = 0; time < 20; time++) {
                askInVain(topic);
            }
        }
        stale.answered("changed", true);
        stale.add("changed");
        assertThat(Duration.ofNanos(stale.nanosUntilDue())).isLessThan(Duration.ofMillis(30));
        nowNanos += Duration.ofSeconds(6).toNanos();
        stale.takeDue();

        stale.add("quiet");

        assertThat(Duration.ofNanos(stale.nanosUntilDue())).isLessThan(Duration.ofMillis(30));
    }
}
