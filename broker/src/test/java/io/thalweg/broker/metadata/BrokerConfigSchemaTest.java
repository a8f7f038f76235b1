package io.thalweg.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class BrokerConfigSchemaTest {

    private static Optional<String> refusal(
            boolean hasSegments, Map<String, String> broker, String topic, Map<String, String> values) {
        var schema = new BrokerConfigSchema(1, ConfigCatalog.ofBroker(List.of()), ConfigValues.of(broker), hasSegments);
        return schema.refusal(ConfigResource.ofTopic(topic), new TreeMap<>(values));
    }

    @Test
    void withoutSegmentsNoTopicIsCompacted() {
        for (var policy : List.of("compact", "compact,delete")) {
            assertThat(refusal(false, Map.of(), "table", Map.of("cleanup.policy", policy)))
                    .hasValueSatisfying(why -> assertThat(why).contains("cleanup.policy", "table", "segments"));
        }
    }

    @Test
    void withoutSegmentsOtherTopicsAreFine() {
        assertThat(refusal(false, Map.of(), "orders", Map.of("cleanup.policy", "delete")))
                .isEmpty();
    }

    /** A start refuses them, and that is enough: topics cannot help it. */
    @Test
    void withoutSegmentsTopicsAreNotRefusedForTheSettingsOfTheServer() {
        for (var setting : List.of(Map.of("log.retention.bytes", "1000"), Map.of("log.cleanup.policy", "compact"))) {
            assertThat(refusal(false, setting, "orders", Map.of())).isEmpty();
            assertThat(BrokerConfigSchema.needsSegments(ConfigValues.of(setting)))
                    .isPresent();
        }
        assertThat(BrokerConfigSchema.needsSegments(ConfigValues.empty())).isEmpty();
    }

    @Test
    void withoutSegmentsBrokersAreGivenNothingThatNeedsThem() {
        var schema = new BrokerConfigSchema(1, ConfigCatalog.ofBroker(List.of()), ConfigValues.empty(), false);
        var ofAll = new ConfigResource(ConfigResource.Type.BROKER, "");

        assertThat(schema.refusal(ofAll, new TreeMap<>(Map.of("log.retention.bytes", "1000"))))
                .isPresent();
        assertThat(schema.refusal(ofAll, new TreeMap<>(Map.of("log.retention.ms", "1000"))))
                .isEmpty();
    }

    @Test
    void withoutSegmentsNobodyCountsTheirBytes() {
        assertThat(refusal(false, Map.of(), "orders", Map.of("retention.bytes", "1000")))
                .hasValueSatisfying(why -> assertThat(why).contains("retention.bytes=1000", "orders", "retention.ms"));
        assertThat(refusal(false, Map.of(), "orders", Map.of("retention.bytes", "-1")))
                .isEmpty();
        assertThat(refusal(true, Map.of(), "orders", Map.of("retention.bytes", "1000")))
                .isEmpty();
    }

    @Test
    void topicsOfTheBrokersOwnAreNotRefused() {
        assertThat(refusal(false, Map.of(), "__consumer_offsets", Map.of("cleanup.policy", "compact")))
                .isEmpty();
    }

    @Test
    void withSegmentsTopicsAreCompacted() {
        assertThat(refusal(true, Map.of(), "table", Map.of("cleanup.policy", "compact")))
                .isEmpty();
    }
}
