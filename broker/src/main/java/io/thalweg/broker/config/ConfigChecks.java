package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigUpdate;
import io.thalweg.spi.config.ConfigValues;
import java.util.Optional;
import java.util.stream.Stream;

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
            return switch (scope) {
                case GROUP -> outOfBounds(key, value);
                case CLIENT_METRICS -> ClientMatch.refusal(name, value);
                case TOPIC, BROKER, CLUSTER -> unchangeable(scope, key);
            };
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
            case GROUP ->
                Stream.of("consumer", "share", "streams")
                        .map(kind -> heartbeatsNotInSession(kind, values))
                        .flatMap(Optional::stream)
                        .findFirst();
            case CLIENT_METRICS -> Optional.empty();
        };
    }

    /** Whoever beats as often as it is told must not be taken for dead. */
    private Optional<String> heartbeatsNotInSession(String kind, ConfigValues values) {
        var interval = kind + ".heartbeat.interval.ms";
        var session = kind + ".session.timeout.ms";
        var intervalMillis = effective(interval, values);
        var sessionMillis = effective(session, values);
        return intervalMillis < sessionMillis
                ? Optional.empty()
                : Optional.of("config " + interval + "=" + intervalMillis + " refused: expected less than " + session
                        + "=" + sessionMillis);
    }

    /** A group's setting, else the broker's. */
    private long effective(String name, ConfigValues values) {
        var own = groups.key(name);
        return number(values.isSet(own) ? values.value(own) : layers.effective().value(brokers.key("group." + name)));
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

    /** What bounds {@code consumer.session.timeout.ms} is {@code group.consumer.min.session.timeout.ms} and {@code ….max.…}. */
    private Optional<String> outOfBounds(ConfigKey<?> key, String value) {
        var name = key.name().replace(".num.", ".");
        var dot = name.indexOf('.');
        var kind = "group." + name.substring(0, dot);
        var least = brokers.find(kind + ".min" + name.substring(dot));
        var most = brokers.find(kind + ".max" + name.substring(dot));
        var effective = layers.effective();
        var isWithin = least.stream().allMatch(bound -> number(effective.value(bound)) <= number(key.parse(value)))
                && most.stream().allMatch(bound -> number(effective.value(bound)) >= number(key.parse(value)));
        return isWithin
                ? Optional.empty()
                : Optional.of("config " + key.name() + "=" + value.strip() + " refused: expected a number"
                        + told(" from ", least, effective) + told(" to ", most, effective));
    }

    private static long number(Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    private static String told(String word, Optional<ConfigKey<?>> bound, ConfigValues effective) {
        return bound.map(key -> word + key.name() + "=" + effective.value(key)).orElse("");
    }
}
