package io.thalweg.broker.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Followers on broker 1 that are held to 1 000 bytes a second, without credit. */
final class CatchUpPauseTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MAX_WAIT_MILLIS = 500;

    private final Followers followers = new Followers();
    private final FetcherSession session =
            new FetcherSession(new FetcherConfig(MAX_WAIT_MILLIS, 1, 1 << 20, 1 << 20, 1, 1));
    private final PriorityQueue<Look> looks = new PriorityQueue<>(Comparator.comparingLong(Look::dueNanos));
    private MetadataImage image = MetadataImage.EMPTY;
    private long nowNanos = -5;
    private int overCount;
    private final ReplicationThrottle throttle = ReplicationThrottle.ofFollowers(new ReplicationThrottle.Ground(
            1, () -> image, known -> ConfigValues.of(known.configs(ConfigResource.ofBroker(1))), () -> nowNanos, 0));
    private final CatchUpPause pause = new CatchUpPause(
            throttle,
            session,
            clock(),
            (nanos, task) -> looks.add(new Look(nowNanos + nanos, task)),
            () -> overCount++);

    private record Look(long dueNanos, Runnable task) {}

    private Clock clock() {
        return new Clock() {
            @Override
            public long millis() {
                return TimeUnit.NANOSECONDS.toMillis(nowNanos);
            }

            @Override
            public long nanos() {
                return nowNanos;
            }
        };
    }

    @BeforeEach
    void throttleTheFirst() {
        rate("1000");
        set(ConfigResource.ofTopic("orders"), Map.of("follower.replication.throttled.replicas", "0:1"));
        for (var partition = 0; partition < 2; partition++) {
            followers.at(partition).follower().stage(ByteBuffer.allocate(0), 100);
            session.add(followers.at(partition));
        }
    }

    private void rate(String bytesPerSecond) {
        set(ConfigResource.ofBroker(1), Map.of("follower.replication.throttled.rate", bytesPerSecond));
    }

    private void set(ConfigResource resource, Map<String, String> values) {
        image = image.with(new ConfigImage(resource, new TreeMap<>(values)));
    }

    private void passSeconds(int seconds) {
        var until = nowNanos + seconds * SECOND;
        for (var next = looks.peek(); next != null && next.dueNanos <= until; next = looks.peek()) {
            assertThat(next.dueNanos).as("when it is looked again").isGreaterThan(nowNanos);
            looks.remove();
            nowNanos = next.dueNanos;
            next.task.run();
        }
        nowNanos = until;
    }

    @Test
    void thoseThatAreThrottledWaitUntilWhatWasFetchedIsPaidFor() {
        pause.charge(followers.at(0), 3_000);
        passSeconds(2);
        assertThat(followers.at(0).isPaused()).isTrue();
        assertThat(followers.at(1).isPaused()).isFalse();

        passSeconds(1);

        assertThat(followers.at(0).isPaused()).isFalse();
        assertThat(overCount).isOne();
    }

    @Test
    void whoHasPaidGoesOnThoughOthersOwe() {
        pause.charge(followers.at(0), 3_000);
        for (var i = 0; i < 3; i++) {
            throttle.used(2_000);
            passSeconds(1);
        }

        assertThat(throttle.unpaidNanos()).isPositive();
        assertThat(followers.at(0).isPaused()).isFalse();
    }

    @Test
    void fetchesForOthersAreBackWhenThePauseIsOver() {
        assertThat(pause.waitMillis(MAX_WAIT_MILLIS)).isEqualTo(MAX_WAIT_MILLIS);

        pause.charge(followers.at(0), 1_100);
        assertThat(pause.waitMillis(MAX_WAIT_MILLIS)).isEqualTo(MAX_WAIT_MILLIS);
        passSeconds(1);

        assertThat(pause.waitMillis(MAX_WAIT_MILLIS)).isBetween(100, 101);
        passSeconds(1);
        assertThat(pause.waitMillis(MAX_WAIT_MILLIS)).isEqualTo(MAX_WAIT_MILLIS);
    }

    @Test
    void aHigherRateLetsThemGoOn() {
        pause.charge(followers.at(0), 1_000_000);
        passSeconds(2);
        assertThat(followers.at(0).isPaused()).isTrue();

        rate("1000000");
        passSeconds(2);

        assertThat(followers.at(0).isPaused()).isFalse();
    }

    @Test
    void whoIsGoneIsNotWaitedFor() {
        pause.charge(followers.at(0), 1_000_000);

        session.remove(followers.at(0).key());
        passSeconds(1);

        assertThat(looks).isEmpty();
        assertThat(overCount).isZero();
    }
}
