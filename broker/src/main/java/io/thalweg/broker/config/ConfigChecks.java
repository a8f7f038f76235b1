package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigUpdate;
import io.thalweg.spi.config.ConfigValues;
import java.util.Optional;

/** Says why a setting may not be made while brokers run, before it is written down. Immutable; any thread may ask. */
public final class ConfigChecks {

    private final ConfigCatalog brokers;
    private final ConfigCatalog topics = ConfigCatalog.ofTopic();
    private final ConfigCatalog groups = ConfigCatalog.ofGroup();
    private final ConfigCatalog clientMetrics = ConfigCatalog.ofClientMetrics();
    private final BrokerLayers layers;

    /**
     * Checks against these.
     *
     * @param brokers what a broker knows
     * @param layers what is set for the broker that asks; it bounds what a group may set
     */
    public ConfigChecks(ConfigCatalog brokers, BrokerLayers layers) {
        this.brokers = brokers;
        this.layers = layers;
    }

    /** The settings that a scope knows. */
    public ConfigCatalog catalog(ConfigScope scope) {
        return switch (scope) {
            case BROKER, CLUSTER -> brokers;
            case TOPIC -> topics;
            case GROUP -> groups;
            case CLIENT_METRICS -> clientMetrics;
        };
    }

    /** Why this one setting may not be made; empty when it may. */
    public Optional<String> refusal(ConfigScope scope, String name, String value) {
        try {
            var key = catalog(scope).key(name);
            key.parse(value);
            return scope == ConfigScope.GROUP ? outOfBounds(key, value) : unchangeable(scope, key);
        } catch (ConfigException e) {
            return Optional.ofNullable(e.getMessage());
        }
    }

    /**
     * Why these settings of one resource do not fit together; empty when they do.
     *
     * @param values everything that would be set for it, each allowed by itself
     */
    public Optional<String> conflict(ConfigScope scope, ConfigValues values) {
        return switch (scope) {
            case TOPIC ->
                BrokerRules.notAbove(
                        layers.effectiveTopic(values),
                        TopicKeys.MIN_COMPACTION_LAG_MILLIS,
                        TopicKeys.MAX_COMPACTION_LAG_MILLIS);
            case BROKER -> firstProblem(new BrokerLayers(values, layers.dynamicDefault(), layers.fixed()));
            case CLUSTER -> firstProblem(new BrokerLayers(layers.dynamic(), values, layers.fixed()));
            case GROUP, CLIENT_METRICS -> Optional.empty();
        };
    }

    private static Optional<String> firstProblem(BrokerLayers layers) {
        return BrokerRules.problems(layers.effective()).stream().findFirst();
    }

    private static Optional<String> unchangeable(ConfigScope scope, ConfigKey<?> key) {
        if (key.update() == ConfigUpdate.AT_START) {
            return Optional.of(
                    "config " + key.name() + " cannot change while a broker runs: expected it in the broker's file");
        }
        if (scope == ConfigScope.CLUSTER && key.update() == ConfigUpdate.PER_BROKER) {
            return Optional.of("config " + key.name() + " cannot be the same for all brokers: expected the id of one");
        }
        return Optional.empty();
    }

    private Optional<String> outOfBounds(ConfigKey<?> key, String value) {
        if (key.name().equals(ConsumerGroupKeys.SESSION_TIMEOUT_MILLIS.name())) {
            return outOfBounds(
                    ConsumerGroupKeys.SESSION_TIMEOUT_MILLIS,
                    value,
                    GroupKeys.CONSUMER_MIN_SESSION_TIMEOUT_MILLIS,
                    GroupKeys.CONSUMER_MAX_SESSION_TIMEOUT_MILLIS);
        }
        if (key.name().equals(ConsumerGroupKeys.HEARTBEAT_INTERVAL_MILLIS.name())) {
            return outOfBounds(
                    ConsumerGroupKeys.HEARTBEAT_INTERVAL_MILLIS,
                    value,
                    GroupKeys.CONSUMER_MIN_HEARTBEAT_INTERVAL_MILLIS,
                    GroupKeys.CONSUMER_MAX_HEARTBEAT_INTERVAL_MILLIS);
        }
        return Optional.empty();
    }

    private Optional<String> outOfBounds(
            ConfigKey<Integer> key, String value, ConfigKey<Integer> least, ConfigKey<Integer> most) {
        var effective = layers.effective();
        var min = effective.value(least);
        var max = effective.value(most);
        var number = key.parse(value);
        return number >= min && number <= max
                ? Optional.empty()
                : Optional.of("config " + key.name() + "=" + number + " refused: expected a number from " + least.name()
                        + "=" + min + " to " + most.name() + "=" + max);
    }
}
