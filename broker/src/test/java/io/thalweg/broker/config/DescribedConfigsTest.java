package io.thalweg.broker.config;

import static io.thalweg.broker.config.ConfigSource.DEFAULT;
import static io.thalweg.broker.config.ConfigSource.DYNAMIC_BROKER;
import static io.thalweg.broker.config.ConfigSource.DYNAMIC_DEFAULT_BROKER;
import static io.thalweg.broker.config.ConfigSource.DYNAMIC_GROUP;
import static io.thalweg.broker.config.ConfigSource.DYNAMIC_TOPIC;
import static io.thalweg.broker.config.ConfigSource.STATIC_BROKER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The chains are those that Apache Kafka 4.3.1 answered to the same settings. */
final class DescribedConfigsTest {

    private final DescribedConfigs described = new DescribedConfigs(
            ConfigCatalog.ofBroker(List.of()),
            new BrokerLayers(
                    ConfigValues.of(Map.of("log.retention.ms", "8888", "message.max.bytes", "123456")),
                    ConfigValues.of(Map.of("log.retention.ms", "7777", "log.flush.interval.messages", "99")),
                    ConfigValues.of(Map.of("log.retention.hours", "168", "ssl.key.password", "hunter2"))));

    @Test
    void aTopicShowsEveryPlaceTheOneThatCountsFirst() {
        var entries = described.topic(ConfigCatalog.ofTopic(), ConfigValues.of(Map.of("retention.ms", "1000")));

        var retention = find(entries, "retention.ms");
        assertThat(retention.value()).isEqualTo("1000");
        assertThat(retention.source()).isEqualTo(DYNAMIC_TOPIC);
        assertThat(retention.isReadOnly()).isFalse();
        assertThat(retention.typeCode()).isEqualTo((byte) 5);
        assertThat(retention.synonyms())
                .containsExactly(
                        new ConfigSynonym("retention.ms", "1000", DYNAMIC_TOPIC),
                        new ConfigSynonym("log.retention.ms", "8888", DYNAMIC_BROKER),
                        new ConfigSynonym("log.retention.ms", "7777", DYNAMIC_DEFAULT_BROKER),
                        new ConfigSynonym("log.retention.hours", "168", STATIC_BROKER),
                        new ConfigSynonym("log.retention.hours", "168", DEFAULT));
    }

    @Test
    void aTopicInheritsWithTheSourceOfTheBroker() {
        var entries = described.topic(ConfigCatalog.ofTopic(), ConfigValues.empty());

        assertThat(find(entries, "retention.ms").value()).isEqualTo("8888");
        assertThat(find(entries, "max.message.bytes").source()).isEqualTo(DYNAMIC_BROKER);
        assertThat(find(entries, "flush.messages").synonyms())
                .containsExactly(
                        new ConfigSynonym("log.flush.interval.messages", "99", DYNAMIC_DEFAULT_BROKER),
                        new ConfigSynonym("log.flush.interval.messages", "9223372036854775807", DEFAULT));
    }

    @Test
    void aTopicNamesASourceInAnotherUnit() {
        var entries = new DescribedConfigs(
                        ConfigCatalog.ofBroker(List.of()),
                        BrokerLayers.ofStatic(ConfigValues.of(Map.of("log.retention.hours", "1"))))
                .topic(ConfigCatalog.ofTopic(), ConfigValues.empty());

        assertThat(find(entries, "retention.ms").value()).isEqualTo("3600000");
        assertThat(find(entries, "retention.ms").source()).isEqualTo(STATIC_BROKER);
    }

    @Test
    void aBrokerShowsItsOwnLayers() {
        var entries = described.broker();

        assertThat(find(entries, "log.retention.ms").synonyms())
                .containsExactly(
                        new ConfigSynonym("log.retention.ms", "8888", DYNAMIC_BROKER),
                        new ConfigSynonym("log.retention.ms", "7777", DYNAMIC_DEFAULT_BROKER),
                        new ConfigSynonym("log.retention.hours", "168", STATIC_BROKER),
                        new ConfigSynonym("log.retention.hours", "168", DEFAULT));
        assertThat(find(entries, "log.retention.hours").source()).isEqualTo(STATIC_BROKER);
        assertThat(find(entries, "log.retention.minutes").value()).isNull();
        assertThat(find(entries, "log.retention.minutes").synonyms()).isEmpty();
        assertThat(find(entries, "log.retention.minutes").isReadOnly()).isTrue();
        assertThat(find(entries, "message.max.bytes").isReadOnly()).isFalse();
    }

    @Test
    void aSecretIsNeverShown() {
        var password = find(described.broker(), "ssl.key.password");

        assertThat(password.isSensitive()).isTrue();
        assertThat(password.value()).isNull();
        assertThat(password.typeCode()).isEqualTo((byte) 9);
        assertThat(password.synonyms()).containsExactly(new ConfigSynonym("ssl.key.password", null, STATIC_BROKER));
    }

    @Test
    void allBrokersTogetherShowOnlyWhatWasSetForThem() {
        assertThat(described.cluster())
                .extracting(ConfigEntry::name, ConfigEntry::value, ConfigEntry::source)
                .containsExactly(
                        tuple("log.flush.interval.messages", "99", DYNAMIC_DEFAULT_BROKER),
                        tuple("log.retention.ms", "7777", DYNAMIC_DEFAULT_BROKER));
    }

    @Test
    void aGroupInheritsFromTheBroker() {
        var entries = described.group(
                ConfigCatalog.ofGroup(), ConfigValues.of(Map.of("consumer.session.timeout.ms", "50000")));

        assertThat(find(entries, "consumer.session.timeout.ms").synonyms())
                .containsExactly(
                        new ConfigSynonym("consumer.session.timeout.ms", "50000", DYNAMIC_GROUP),
                        new ConfigSynonym("group.consumer.session.timeout.ms", "45000", DEFAULT));
        assertThat(find(entries, "consumer.heartbeat.interval.ms").value()).isEqualTo("5000");
    }

    @Test
    void aSubscriptionForClientMetricsShowsItsDefaults() {
        var entries = described.clientMetrics(
                ConfigCatalog.ofClientMetrics(), ConfigValues.of(Map.of("interval.ms", "1000")));

        assertThat(entries).extracting(ConfigEntry::name).containsExactly("interval.ms", "match", "metrics");
        assertThat(find(entries, "interval.ms").value()).isEqualTo("1000");
        assertThat(find(entries, "interval.ms").source().code()).isEqualTo((byte) 7);
    }

    private static ConfigEntry find(List<ConfigEntry> entries, String name) {
        return entries.stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
