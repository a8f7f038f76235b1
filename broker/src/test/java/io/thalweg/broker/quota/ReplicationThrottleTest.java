package io.thalweg.broker.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ReplicationThrottleTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int BROKER = 7;

    private MetadataImage image = MetadataImage.EMPTY;
    private long nowNanos = -3;
    private final ReplicationThrottle leaders = ReplicationThrottle.ofLeaders(ground());
    private final ReplicationThrottle followers = ReplicationThrottle.ofFollowers(ground());

    private ReplicationThrottle.Ground ground() {
        return new ReplicationThrottle.Ground(
                BROKER,
                () -> image,
                known -> ConfigValues.of(known.configs(ConfigResource.ofBroker(BROKER))),
                () -> nowNanos,
                2 * SECOND);
    }

    private void set(ConfigResource resource, Map<String, String> values) {
        image = image.with(new ConfigImage(resource, new TreeMap<>(values)));
    }

    private void rates(String leader, String follower) {
        set(
                ConfigResource.ofBroker(BROKER),
                Map.of(
                        "leader.replication.throttled.rate", leader,
                        "follower.replication.throttled.rate", follower));
    }

    private void replicas(String leader, String follower) {
        set(
                ConfigResource.ofTopic("orders"),
                Map.of(
                        "leader.replication.throttled.replicas", leader,
                        "follower.replication.throttled.replicas", follower));
    }

    private static LogId log(String topic, int partition) {
        return new LogId(topic, new UUID(1, 2), partition);
    }

    @Test
    void withoutARateNobodyIsConcerned() {
        replicas("*", "*");

        assertThat(leaders.concerns(log("orders", 0))).isFalse();
        assertThat(followers.concerns(log("orders", 0))).isFalse();
    }

    @Test
    void thoseThatTheTopicListsAreConcerned() {
        rates("100", "100");
        replicas("0:7,1:8", "*");

        assertThat(leaders.concerns(log("orders", 0))).isTrue();
        assertThat(leaders.concerns(log("orders", 1))).isFalse();
        assertThat(leaders.concerns(log("others", 0))).isFalse();
        assertThat(followers.concerns(log("orders", 1))).isTrue();
    }

    @Test
    void whatWasUsedBeyondTheBurstIsPaidForAtTheRate() {
        rates("100", "100");
        replicas("*", "*");

        leaders.used(200);
        assertThat(leaders.unpaidNanos()).isZero();
        leaders.used(50);

        assertThat(leaders.unpaidNanos()).isEqualTo(SECOND / 2);
        assertThat(followers.unpaidNanos()).isZero();
        nowNanos += SECOND / 2;
        assertThat(leaders.unpaidNanos()).isZero();
    }

    @Test
    void whatIsOwedIsPaidForAtTheRateThereIsNow() {
        rates("1", "1");
        replicas("*", "*");
        leaders.used(1000);

        rates("1000", "1");

        assertThat(leaders.unpaidNanos()).isLessThan(SECOND);
    }

    @Test
    void atARateOfNothingNothingIsReplicated() {
        rates("0", "0");
        replicas("*", "*");

        assertThat(leaders.unpaidNanos()).isPositive();
    }
}
