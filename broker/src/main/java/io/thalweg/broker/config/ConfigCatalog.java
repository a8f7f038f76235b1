package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The settings that one scope knows: those declared here or by a plug-in, which have an effect, and those that Apache Kafka knows
 * besides, which have none.
 */
public final class ConfigCatalog {

    private static final String LISTENER_PREFIX = "listener.name.";
    private static final List<String> PLUGIN_PREFIXES = List.of("config.providers.", "rlmm.config.", "rsm.config.");

    private final String title;
    private final List<String> openPrefixes;
    private final NavigableMap<String, ConfigKey<?>> declared = new TreeMap<>();
    private final NavigableMap<String, ConfigKey<?>> known = new TreeMap<>();

    private ConfigCatalog(
            String title,
            List<String> openPrefixes,
            Collection<ConfigKey<?>> declared,
            Collection<ConfigKey<?>> kafka) {
        this.title = title;
        this.openPrefixes = openPrefixes;
        declared.forEach(key -> this.declared.put(key.name(), key));
        kafka.forEach(key -> known.put(key.name(), key));
        known.putAll(this.declared);
    }

    /**
     * What a broker knows.
     *
     * @param contributed what the plug-ins in use declare; each replaces a key of its name
     */
    public static ConfigCatalog ofBroker(Collection<ConfigKey<?>> contributed) {
        var declared =
                Stream.concat(BrokerKeys.all().stream(), contributed.stream()).collect(Collectors.toList());
        return new ConfigCatalog("broker", PLUGIN_PREFIXES, declared, KafkaKeys.of("broker"));
    }

    public static ConfigCatalog ofTopic() {
        return new ConfigCatalog("topic", List.of(), TopicKeys.all(), KafkaKeys.of("topic"));
    }

    public static ConfigCatalog ofGroup() {
        return new ConfigCatalog("group", List.of(), ConsumerGroupKeys.all(), KafkaKeys.of("group"));
    }

    public static ConfigCatalog ofClientMetrics() {
        return new ConfigCatalog("client metrics", List.of(), List.of(), KafkaKeys.of("client-metrics"));
    }

    /** The key of this name. */
    public Optional<ConfigKey<?>> find(String name) {
        return Optional.<ConfigKey<?>>ofNullable(known.get(name)).or(() -> findPrefixed(name));
    }

    /**
     * The key of this name.
     *
     * @throws ConfigException when there is none; its message names the closest one
     */
    public ConfigKey<?> key(String name) {
        return find(name)
                .orElseThrow(() -> new ConfigException("config " + name + " is not known for a " + title
                        + ": the closest known one is "
                        + ClosestName.to(name, known.keySet()).orElse("none")));
    }

    /** Whether setting it changes anything. */
    public boolean hasEffect(String name) {
        return declared.containsKey(name);
    }

    /** What can be set with an effect, ordered by name. */
    public Collection<ConfigKey<?>> declared() {
        return Collections.unmodifiableCollection(declared.values());
    }

    /** What clients are told of, ordered by name. */
    public List<ConfigKey<?>> described() {
        return known.values().stream().filter(key -> !key.isInternal()).collect(Collectors.toUnmodifiableList());
    }

    /** A key for one listener only is known like the key itself; what a Kafka plug-in reads may be a secret. */
    private Optional<ConfigKey<?>> findPrefixed(String name) {
        if (openPrefixes.stream().anyMatch(name::startsWith)) {
            return Optional.of(ConfigKey.ofPassword(name));
        }
        if (openPrefixes.isEmpty() || !name.startsWith(LISTENER_PREFIX)) {
            return Optional.empty();
        }
        return known.values().stream()
                .filter(key -> name.endsWith("." + key.name()))
                .max((left, right) ->
                        Integer.compare(left.name().length(), right.name().length()))
                .map(key -> key.named(name));
    }
}
