package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.TimestampType;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TopicSettingsTest {

    private static final ConfigValues NOTHING = ConfigValues.empty();

    @Test
    void whereNothingIsSetTheDefaultsCount() {
        var config = BrokerLayers.ofStatic(NOTHING).topic(NOTHING);

        assertThat(config).isEqualTo(TopicSettings.DEFAULT);
        assertThat(config.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(config.minInsyncReplicas()).isEqualTo(1);
        assertThat(config.durability()).isEqualTo(Durability.FSYNC);
        assertThat(config.toLogConfig()).isEqualTo(LogConfig.DEFAULT);
        assertThat(config.retention()).isEqualTo(new RetentionConfig(true, 604_800_000, -1));
        assertThat(config.compaction()).isEqualTo(new CompactionConfig(false, 0, Long.MAX_VALUE, 0.5, 86_400_000));
        assertThat(config.timestamps())
                .isEqualTo(new TimestampConfig(TimestampType.CREATE_TIME, Long.MAX_VALUE, 3_600_000));
        assertThat(config.compression().required()).isEmpty();
    }

    @Test
    void theTopicCountsBeforeTheBrokerBeforeAllBrokersBeforeTheFileBeforeTheDefault() {
        assertThat(maxMessageBytes("1", "2", "3", "4")).isEqualTo(1);
        assertThat(maxMessageBytes("", "2", "3", "4")).isEqualTo(2);
        assertThat(maxMessageBytes("", "", "3", "4")).isEqualTo(3);
        assertThat(maxMessageBytes("", "", "", "4")).isEqualTo(4);
        assertThat(maxMessageBytes("", "", "", "")).isEqualTo(1_048_588);
    }

    @Test
    void retentionMayBeSetInOtherUnits() {
        assertThat(retentionMillis(Map.of("log.retention.hours", "2"))).isEqualTo(7_200_000);
        assertThat(retentionMillis(Map.of("log.retention.hours", "2", "log.retention.minutes", "3")))
                .isEqualTo(180_000);
        assertThat(retentionMillis(
                        Map.of("log.retention.hours", "2", "log.retention.minutes", "3", "log.retention.ms", "4")))
                .isEqualTo(4);
        assertThat(retentionMillis(Map.of("log.retention.hours", "-1"))).isEqualTo(-1);
        assertThat(retentionMillis(Map.of("log.retention.ms", "-2"))).isEqualTo(-1);
        assertThat(retentionMillis(Map.of("log.retention.hours", "2147483647"))).isEqualTo(2_147_483_647L * 3_600_000);
    }

    @Test
    void aDynamicSettingCountsBeforeAStaticOneInAnotherUnit() {
        var layers = new BrokerLayers(NOTHING, values("log.retention.ms", "5"), values("log.retention.hours", "1"));

        assertThat(layers.topic(NOTHING).retention().millis()).isEqualTo(5);
    }

    @Test
    void limitsToWhatIsNotOnDiskAreTheTopicsOrTheBrokers() {
        var layers = BrokerLayers.ofStatic(
                ConfigValues.of(Map.of("log.flush.interval.messages", "5", "log.flush.scheduler.interval.ms", "60")));

        assertThat(layers.topic(NOTHING).toLogConfig()).isEqualTo(LogConfig.DEFAULT.withFlush(5, 60));
        assertThat(layers.topic(ConfigValues.of(Map.of("flush.messages", "1", "flush.ms", "2")))
                        .toLogConfig())
                .isEqualTo(LogConfig.DEFAULT.withFlush(1, 2));
    }

    @Test
    void everySettingIsTakenFromTheTopic() {
        var config = BrokerLayers.ofStatic(NOTHING)
                .topic(ConfigValues.of(Map.of(
                        "cleanup.policy", "compact, delete",
                        "durability", "os",
                        "message.timestamp.type", "LogAppendTime",
                        "compression.type", "zstd",
                        "segment.ms", "11",
                        "segment.jitter.ms", "7",
                        "internal.segment.bytes", "100",
                        "retention.bytes", "-9",
                        "leader.replication.throttled.replicas", "0:1,3:2",
                        "follower.replication.throttled.replicas", "*")));

        assertThat(config.retention().isEnabled()).isTrue();
        assertThat(config.retention().bytes()).isEqualTo(-1);
        assertThat(config.compaction().isEnabled()).isTrue();
        assertThat(config.timestamps().type()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(config.compression().required()).contains(Compression.ZSTD);
        assertThat(config.toLogConfig()).isEqualTo(new LogConfig(Durability.OS, 100, 11, 7, 4096, 10 << 20, false));
        assertThat(config.throttle().throttlesLeader(3, 2)).isTrue();
        assertThat(config.throttle().throttlesLeader(3, 1)).isFalse();
        assertThat(config.throttle().throttlesFollower(8, 9)).isTrue();
    }

    @Test
    void everyBrokerDefaultReachesTheTopic() {
        for (var key : TopicKeys.all()) {
            for (var synonym : TopicSynonyms.ofTopic(key.name())) {
                var broker = ConfigCatalog.ofBroker(List.of()).key(synonym.name());
                var text = key.type().name().equals("BOOLEAN") ? "true" : sample(key.name());
                broker.parse(text);

                var effective = BrokerLayers.ofStatic(values(synonym.name(), text))
                        .effectiveTopic(NOTHING)
                        .asMap();

                assertThat(effective).as(synonym.name()).containsEntry(key.name(), synonym.convert(text));
            }
        }
    }

    @Test
    void anEmptyCleanupPolicyKeepsEverything() {
        var config = BrokerLayers.ofStatic(NOTHING).topic(NOTHING.with("cleanup.policy", ""));

        assertThat(config.retention().isEnabled()).isFalse();
        assertThat(config.compaction().isEnabled()).isFalse();
    }

    @Test
    void uncompressedIsACompressionToo() {
        assertThat(new CompressionConfig("uncompressed", -1, 9, 3).required()).contains(Compression.NONE);
        assertThat(new CompressionConfig("gzip", -1, 9, 3).required()).contains(Compression.GZIP);
    }

    @Test
    void aTimestampMayLieOnlySoFarOff() {
        var config = new TimestampConfig(TimestampType.CREATE_TIME, 10, 5);

        assertThat(config.accepts(90, 100)).isTrue();
        assertThat(config.accepts(89, 100)).isFalse();
        assertThat(config.accepts(105, 100)).isTrue();
        assertThat(config.accepts(106, 100)).isFalse();
        assertThat(config.accepts(-1, 100)).isTrue();
        assertThat(config.accepts(Long.MIN_VALUE, 100)).isFalse();
        assertThat(config.accepts(Long.MAX_VALUE, 100)).isFalse();
        assertThat(new TimestampConfig(TimestampType.CREATE_TIME, Long.MAX_VALUE, Long.MAX_VALUE)
                        .accepts(Long.MAX_VALUE, 100))
                .isTrue();
        assertThat(new TimestampConfig(TimestampType.LOG_APPEND_TIME, 0, 0).accepts(1, 100))
                .isTrue();
    }

    private static String sample(String name) {
        return switch (name) {
            case "cleanup.policy" -> "compact";
            case "compression.type" -> "lz4";
            case "durability" -> "os";
            case "message.timestamp.type" -> "LogAppendTime";
            case "min.cleanable.dirty.ratio" -> "1";
            case "segment.bytes" -> "2097152";
            default -> "7";
        };
    }

    private static long retentionMillis(Map<String, String> fixed) {
        return BrokerLayers.ofStatic(ConfigValues.of(fixed))
                .topic(NOTHING)
                .retention()
                .millis();
    }

    private static int maxMessageBytes(String topic, String broker, String cluster, String fixed) {
        var layers = new BrokerLayers(
                values("message.max.bytes", broker),
                values("message.max.bytes", cluster),
                values("message.max.bytes", fixed));
        return layers.topic(values("max.message.bytes", topic)).maxMessageBytes();
    }

    private static ConfigValues values(String name, String value) {
        return value.isEmpty() ? NOTHING : NOTHING.with(name, value);
    }
}
