package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What Apache Kafka 4.3.1 takes and refuses, and where we are stricter. */
final class ConfigChecksTest {

    private final ConfigChecks checks =
            new ConfigChecks(ConfigCatalog.ofBroker(List.of()), BrokerLayers.ofStatic(ConfigValues.empty()));

    @Test
    void takesForATopicWhatKafkaTakes() {
        assertTaken(ConfigScope.TOPIC, "retention.ms", "0");
        assertTaken(ConfigScope.TOPIC, "retention.bytes", "-5");
        assertTaken(ConfigScope.TOPIC, "cleanup.policy", "");
        assertTaken(ConfigScope.TOPIC, "cleanup.policy", "delete, compact");
        assertTaken(ConfigScope.TOPIC, "compression.gzip.level", "-1");
        assertTaken(ConfigScope.TOPIC, "compression.zstd.level", "0");
        assertTaken(ConfigScope.TOPIC, "internal.segment.bytes", "1000");
        assertTaken(ConfigScope.TOPIC, "leader.replication.throttled.replicas", "*");
        assertTaken(ConfigScope.TOPIC, "leader.replication.throttled.replicas", "0:1,1:2");
        assertTaken(ConfigScope.TOPIC, "local.retention.ms", "-1");
        assertTaken(ConfigScope.TOPIC, "max.message.bytes", " 7 ");
    }

    @Test
    void refusesForATopicWhatKafkaRefuses() {
        assertRefused(ConfigScope.TOPIC, "nonsense", "1");
        assertRefused(ConfigScope.TOPIC, "retention.ms", "-2");
        assertRefused(ConfigScope.TOPIC, "cleanup.policy", "Delete");
        assertRefused(ConfigScope.TOPIC, "compression.type", "GZIP");
        assertRefused(ConfigScope.TOPIC, "compression.gzip.level", "0");
        assertRefused(ConfigScope.TOPIC, "compression.lz4.level", "0");
        assertRefused(ConfigScope.TOPIC, "segment.bytes", "1000");
        assertRefused(ConfigScope.TOPIC, "leader.replication.throttled.replicas", "none");
        assertRefused(ConfigScope.TOPIC, "leader.replication.throttled.replicas", "0-1");
        assertRefused(ConfigScope.TOPIC, "message.timestamp.type", "createtime");
        assertRefused(ConfigScope.TOPIC, "preallocate", "yes");
        assertRefused(ConfigScope.TOPIC, "min.insync.replicas", "0");
        assertRefused(ConfigScope.TOPIC, "segment.ms", "0");
        assertRefused(ConfigScope.TOPIC, "segment.index.bytes", "3");
        assertRefused(ConfigScope.TOPIC, "max.message.bytes", "2147483648");
        assertRefused(ConfigScope.TOPIC, "durability", "maybe");
    }

    @Test
    void aBrokerSettingChangesOnlyWhereItMay() {
        assertTaken(ConfigScope.BROKER, "message.max.bytes", "7");
        assertTaken(ConfigScope.CLUSTER, "message.max.bytes", "7");
        assertTaken(ConfigScope.CLUSTER, "leader.replication.throttled.rate", "100");
        assertTaken(ConfigScope.BROKER, "ssl.keystore.location", "/x");
        assertThat(checks.refusal(ConfigScope.CLUSTER, "ssl.keystore.location", "/x"))
                .contains("config ssl.keystore.location cannot be the same for all brokers: expected the id of one");
        assertThat(checks.refusal(ConfigScope.BROKER, "log.retention.hours", "3"))
                .contains("config log.retention.hours cannot change while a broker runs: expected it in the broker's"
                        + " file");
        assertRefused(ConfigScope.BROKER, "log.retention.ms", "0");
        assertRefused(ConfigScope.BROKER, "log.roll.ms", "0");
        assertRefused(ConfigScope.CLUSTER, "leader.replication.throttled.rate", "-1");
    }

    @Test
    void anUnknownBrokerSettingIsRefusedThoughKafkaTakesIt() {
        assertThat(checks.refusal(ConfigScope.CLUSTER, "retention.ms", "12"))
                .contains("config retention.ms is not known for a broker: the closest known one is log.retention.ms");
    }

    @Test
    void aGroupStaysWithinTheBoundsOfTheBroker() {
        assertTaken(ConfigScope.GROUP, "consumer.session.timeout.ms", "45000");
        assertThat(checks.refusal(ConfigScope.GROUP, "consumer.session.timeout.ms", "70000"))
                .contains("config consumer.session.timeout.ms=70000 refused: expected a number from"
                        + " group.consumer.min.session.timeout.ms=45000 to"
                        + " group.consumer.max.session.timeout.ms=60000");
        assertRefused(ConfigScope.GROUP, "consumer.session.timeout.ms", "1");
        assertRefused(ConfigScope.GROUP, "consumer.heartbeat.interval.ms", "60000");
        assertTaken(ConfigScope.GROUP, "share.record.lock.duration.ms", "15000");
        assertRefused(ConfigScope.GROUP, "share.record.lock.duration.ms", "14999");
        assertTaken(ConfigScope.GROUP, "share.isolation.level", "read_committed");
        assertThat(checks.refusal(ConfigScope.GROUP, "streams.num.standby.replicas", "3"))
                .contains("config streams.num.standby.replicas=3 refused: expected a number to"
                        + " group.streams.max.standby.replicas=2");
        assertRefused(ConfigScope.GROUP, "nonsense", "1");
    }

    @Test
    void whoBeatsAsOftenAsItIsToldKeepsItsSession() {
        assertThat(checks.conflict(ConfigScope.GROUP, ConfigValues.empty())).isEmpty();
        assertThat(checks.conflict(
                        ConfigScope.GROUP,
                        ConfigValues.of(Map.of(
                                "consumer.session.timeout.ms", "45000", "consumer.heartbeat.interval.ms", "44999"))))
                .isEmpty();
        assertThat(checks.conflict(ConfigScope.GROUP, ConfigValues.of(Map.of("streams.session.timeout.ms", "5000"))))
                .contains("config streams.heartbeat.interval.ms=5000 refused: expected less than"
                        + " streams.session.timeout.ms=5000");
    }

    @Test
    void clientMetricsAreChecked() {
        assertTaken(ConfigScope.CLIENT_METRICS, "interval.ms", "100");
        assertRefused(ConfigScope.CLIENT_METRICS, "interval.ms", "5");
        assertRefused(ConfigScope.CLIENT_METRICS, "nonsense", "5");
        assertTaken(ConfigScope.CLIENT_METRICS, "metrics", "");
        assertTaken(ConfigScope.CLIENT_METRICS, "match", "");
        assertTaken(ConfigScope.CLIENT_METRICS, "match", "client_id=a.*, client_source_port=9");
        assertRefused(ConfigScope.CLIENT_METRICS, "match", "client_id");
        assertRefused(ConfigScope.CLIENT_METRICS, "match", "colour=red");
        assertRefused(ConfigScope.CLIENT_METRICS, "match", "client_id=a,client_id=");
        assertRefused(ConfigScope.CLIENT_METRICS, "match", "client_id=[");
    }

    @Test
    void theSettingsOfATopicMustFitTogetherAndWithTheBrokers() {
        assertThat(checks.conflict(ConfigScope.TOPIC, ConfigValues.empty())).isEmpty();
        assertThat(checks.conflict(ConfigScope.TOPIC, ConfigValues.of(Map.of("max.compaction.lag.ms", "5"))))
                .isEmpty();
        var strict = new ConfigChecks(
                ConfigCatalog.ofBroker(List.of()),
                BrokerLayers.ofStatic(ConfigValues.of(Map.of("log.cleaner.min.compaction.lag.ms", "6"))));
        assertThat(strict.conflict(ConfigScope.TOPIC, ConfigValues.of(Map.of("max.compaction.lag.ms", "5"))))
                .contains(
                        "config min.compaction.lag.ms=6 refused: expected a number not above max.compaction.lag.ms=5");
    }

    @Test
    void theSettingsOfABrokerMustFitTogether() {
        var values = ConfigValues.of(Map.of("log.cleaner.min.compaction.lag.ms", "9223372036854775807"));
        var both = values.with("log.cleaner.max.compaction.lag.ms", "1");

        assertThat(checks.conflict(ConfigScope.BROKER, values)).isEmpty();
        assertThat(checks.conflict(ConfigScope.BROKER, both)).isPresent();
        assertThat(checks.conflict(ConfigScope.CLUSTER, both)).isPresent();
    }

    @Test
    void theWarningAboutNoEffectComesOncePerName() {
        var log = new ArrayList<String>();
        var warnings = new NoEffectWarnings(log::add);
        var names = List.of("remote.log.copy.disable", "retention.ms", "nonsense");

        warnings.check(ConfigScope.TOPIC, checks.catalog(ConfigScope.TOPIC), names);
        warnings.check(ConfigScope.TOPIC, checks.catalog(ConfigScope.TOPIC), names);

        assertThat(log).containsExactly("config remote.log.copy.disable, set for a topic, has no effect");
    }

    private void assertTaken(ConfigScope scope, String name, String value) {
        assertThat(checks.refusal(scope, name, value)).as("%s=%s", name, value).isEmpty();
    }

    private void assertRefused(ConfigScope scope, String name, String value) {
        assertThat(checks.refusal(scope, name, value)).as("%s=%s", name, value).isPresent();
    }
}
