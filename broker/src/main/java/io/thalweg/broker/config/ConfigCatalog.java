package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings that one scope knows: those declared here or by a plug-in, which have an effect, and those that Apache Kafka knows
 * besides, which have none.
 */
public final class ConfigCatalog {

    private static final String LISTENER_PREFIX = "listener.name.";
    private static final List<String> PLUGIN_PREFIXES = List.of("config.providers.", "rlmm.config.", "rsm.config.");

    private static final ConfigCatalog TOPIC = new ConfigCatalog("topic", "topic", TopicKeys.all());
    private static final ConfigCatalog GROUP = new ConfigCatalog("group", "group", ConsumerGroupKeys.all());
    private static final ConfigCatalog CLIENT_METRICS =
            new ConfigCatalog("client metrics", "client-metrics", List.of());

    private final String title;
    private final String resource;
    private final NavigableMap<String, ConfigKey<?>> declared = new TreeMap<>();

    private ConfigCatalog(String title, String resource, Collection<ConfigKey<?>> declared) {
        this.title = title;
        this.resource = resource;
        declared.forEach(key -> this.declared.put(key.name(), key));
    }

    /**
     * What a broker knows.
     *
     * @param contributed what the plug-ins in use declare; each replaces a key of its name
     */
    public static ConfigCatalog ofBroker(Collection<ConfigKey<?>> contributed) {
        var declared = new ArrayList<>(BrokerKeys.all());
        declared.addAll(contributed);
        return new ConfigCatalog("broker", "broker", declared);
    }

    public static ConfigCatalog ofTopic() {
        return TOPIC;
    }

    public static ConfigCatalog ofGroup() {
        return GROUP;
    }

    public static ConfigCatalog ofClientMetrics() {
        return CLIENT_METRICS;
    }

    /** The key of this name. */
    public Optional<ConfigKey<?>> find(String name) {
        var own = declared.get(name);
        return own != null ? Optional.of(own) : findUndeclared(name);
    }

    /**
     * The key of this name.
     *
     * @throws ConfigException when there is none; its message names one that is close
     */
    public ConfigKey<?> key(String name) {
        return find(name)
                .orElseThrow(() -> new ConfigException("config " + name + " is not known for a " + title
                        + ClosestName.to(name, known().keySet())
                                .map(closest -> ": the closest known one is " + closest)
                                .orElse("")));
    }

    /** Whether setting it changes anything. */
    public boolean hasEffect(String name) {
        return declared.containsKey(name) || isForOneListener(name);
    }

    private boolean isForOneListener(String name) {
        var key = TransportKeys.MAX_CONNECTION_CREATION_RATE.name();
        return name.startsWith(LISTENER_PREFIX) && name.endsWith("." + key) && declared.containsKey(key);
    }

    /** What can be set with an effect, ordered by name. */
    public Collection<ConfigKey<?>> declared() {
        return Collections.unmodifiableCollection(declared.values());
    }

    /** What clients are told of, ordered by name. */
    public List<ConfigKey<?>> described() {
        return known().values().stream().filter(key -> !key.isInternal()).collect(Collectors.toUnmodifiableList());
    }

    private NavigableMap<String, ConfigKey<?>> known() {
        var known = new TreeMap<>(KafkaKeys.of(resource));
        known.putAll(declared);
        return known;
    }

    private Optional<ConfigKey<?>> findUndeclared(String name) {
        var kafka = KafkaKeys.of(resource).get(name);
        if (kafka != null) {
            return Optional.of(kafka);
        }
        return resource.equals("broker") ? findPrefixed(name) : Optional.empty();
    }

    /** A key for one listener only is known like the key itself; what a Kafka plug-in reads may be a secret. */
    private Optional<ConfigKey<?>> findPrefixed(String name) {
        if (PLUGIN_PREFIXES.stream().anyMatch(name::startsWith)) {
            return Optional.of(ConfigKey.ofPassword(name));
        }
        if (!name.startsWith(LISTENER_PREFIX)) {
            return Optional.empty();
        }
        return known().values().stream()
                .filter(key -> name.endsWith("." + key.name()))
                .max(Comparator.comparingInt(key -> key.name().length()))
                .map(key -> key.named(name));
    }
}
