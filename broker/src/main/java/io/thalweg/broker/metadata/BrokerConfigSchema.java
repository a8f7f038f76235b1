package io.thalweg.broker.metadata;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.config.ConfigChecks;
import io.thalweg.broker.config.ConfigEntry;
import io.thalweg.broker.config.ConfigScope;
import io.thalweg.broker.config.DescribedConfigs;
import io.thalweg.broker.config.TopicSettings;
import io.thalweg.coordinator.controller.ConfigSchema;
import io.thalweg.coordinator.controller.TopicRules;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Durability;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Tells the controller what the broker's settings allow. */
public final class BrokerConfigSchema implements ConfigSchema {

    private static final String INTERNAL_PREFIX = "__";

    private final int brokerId;
    private final ConfigCatalog brokers;
    private final ConfigValues fixedConfig;
    private final boolean hasSegments;

    /**
     * The settings of this broker.
     *
     * @param fixedConfig what it was started with
     * @param hasSegments whether its logs have segments
     */
    public BrokerConfigSchema(int brokerId, ConfigCatalog brokers, ConfigValues fixedConfig, boolean hasSegments) {
        this.brokerId = brokerId;
        this.brokers = brokers;
        this.fixedConfig = fixedConfig;
        this.hasSegments = hasSegments;
    }

    @Override
    public Optional<ConfigKey<?>> key(ConfigResource.Type type, String name) {
        var scope = switch (type) {
            case TOPIC -> ConfigScope.TOPIC;
            case BROKER -> ConfigScope.BROKER;
            case CLIENT_METRICS -> ConfigScope.CLIENT_METRICS;
            case GROUP -> ConfigScope.GROUP;
            case QUOTA -> throw new IllegalStateException("quotas are no configs");
        };
        return checks().catalog(scope).find(name);
    }

    @Override
    public Optional<String> refusal(ConfigResource resource, SortedMap<String, String> values) {
        var scope = IdleSettings.scopeOf(resource);
        var checks = checks();
        return values.entrySet().stream()
                .map(entry -> checks.refusal(scope, entry.getKey(), entry.getValue()))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> checks.conflict(scope, ConfigValues.of(values)))
                .or(() -> needsSegments(resource, values));
    }

    /** Looks at what is set there; topics of the brokers' own are let grow rather than refused. */
    private Optional<String> needsSegments(ConfigResource resource, SortedMap<String, String> values) {
        var isInternal =
                resource.type() == ConfigResource.Type.TOPIC && resource.name().startsWith(INTERNAL_PREFIX);
        if (hasSegments || isInternal) {
            return Optional.empty();
        }
        var set = ConfigValues.of(values);
        return switch (resource.type()) {
            case TOPIC ->
                needsSegments(BrokerLayers.ofStatic(ConfigValues.empty()).topic(set), "topic " + resource.name());
            case BROKER -> needsSegments(set);
            case CLIENT_METRICS, GROUP, QUOTA -> Optional.empty();
        };
    }

    /** What topics get by the settings of a broker that only segments could give them, if its storage has none. */
    public static Optional<String> needsSegments(ConfigValues broker) {
        return needsSegments(BrokerLayers.ofStatic(broker).topic(ConfigValues.empty()), "all topics");
    }

    private static Optional<String> needsSegments(TopicSettings settings, String topics) {
        if (settings.isCompacted()) {
            return Optional.of("config cleanup.policy=compact refused for " + topics
                    + ": the storage of this broker has no segments that could be compacted");
        }
        var retainedBytes = settings.retention().bytes();
        return retainedBytes < 0
                ? Optional.empty()
                : Optional.of(
                        "config retention.bytes=" + retainedBytes + " refused for " + topics
                                + ": the storage of this broker has no segments whose bytes could be counted; retention.ms works");
    }

    private ConfigChecks checks() {
        return new ConfigChecks(brokers, BrokerLayers.ofStatic(fixedConfig));
    }

    @Override
    public TopicRules rules(MetadataImage image, String topic) {
        var settings = layers(image).topic(ConfigValues.of(image.configs(ConfigResource.ofTopic(topic))));
        return new TopicRules(
                settings.minInsyncReplicas(),
                settings.uncleanLeaderElection(),
                settings.durability() == Durability.FSYNC);
    }

    private BrokerLayers layers(MetadataImage image) {
        return BrokerLayers.of(image, brokerId, fixedConfig);
    }

    @Override
    public List<CreateTopicsResponse.Config> topicConfigs(MetadataImage image, SortedMap<String, String> values) {
        var layers = layers(image);
        return new DescribedConfigs(brokers, layers)
                .topic(ConfigCatalog.ofTopic(), ConfigValues.of(values)).stream()
                        .map(BrokerConfigSchema::described)
                        .toList();
    }

    private static CreateTopicsResponse.Config described(ConfigEntry entry) {
        return CreateTopicsResponse.Config.builder()
                .name(entry.name())
                .value(entry.value())
                .readOnly(entry.isReadOnly())
                .configSource(entry.source().code())
                .isSensitive(entry.key().isSensitive())
                .build();
    }
}
