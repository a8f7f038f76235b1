package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Answers DescribeConfigs: every setting of a resource with its value, where that comes from and where else it is set.
 *
 * <p>The texts are as they were set. Unlike Kafka's, the answer for a topic names the source also when it is a broker setting in
 * another unit, such as {@code log.retention.hours}.
 */
public final class DescribedConfigs {

    private final ConfigCatalog brokers;
    private final BrokerLayers layers;

    public DescribedConfigs(ConfigCatalog brokers, BrokerLayers layers) {
        this.brokers = brokers;
        this.layers = layers;
    }

    /** All settings of a topic, ordered by name. */
    public List<ConfigEntry> topic(ConfigCatalog topics, ConfigValues overrides) {
        return topics.described().stream()
                .map(key -> entry(
                        key,
                        own(key, overrides, ConfigSource.DYNAMIC_TOPIC),
                        TopicSynonyms.ofTopic(key.name()),
                        Stream.empty()))
                .collect(Collectors.toUnmodifiableList());
    }

    /** All settings of a group, ordered by name. */
    public List<ConfigEntry> group(ConfigCatalog groups, ConfigValues overrides) {
        return groups.described().stream()
                .map(key -> {
                    var synonyms = TopicSynonyms.ofGroup(key.name(), brokers);
                    return entry(
                            key,
                            own(key, overrides, ConfigSource.DYNAMIC_GROUP),
                            synonyms,
                            synonyms.isEmpty() ? defaultOf(key) : Stream.empty());
                })
                .collect(Collectors.toUnmodifiableList());
    }

    /** All settings of a client metrics subscription, ordered by name. */
    public List<ConfigEntry> clientMetrics(ConfigCatalog clientMetrics, ConfigValues overrides) {
        return clientMetrics.described().stream()
                .map(key ->
                        entry(key, own(key, overrides, ConfigSource.DYNAMIC_CLIENT_METRICS), List.of(), defaultOf(key)))
                .collect(Collectors.toUnmodifiableList());
    }

    /** All settings of this broker, ordered by name. */
    public List<ConfigEntry> broker() {
        return brokers.described().stream().map(this::brokerEntry).collect(Collectors.toUnmodifiableList());
    }

    /** The settings that were made for all brokers, ordered by name; the others are not listed. */
    public List<ConfigEntry> cluster() {
        return layers.dynamicDefault().asMap().keySet().stream()
                .flatMap(name -> brokers.find(name).stream())
                .map(key -> {
                    var set = own(key, layers.dynamicDefault(), ConfigSource.DYNAMIC_DEFAULT_BROKER);
                    return new ConfigEntry(
                            key, set.orElseThrow().value(), !key.isDynamic(), List.of(set.orElseThrow()));
                })
                .collect(Collectors.toUnmodifiableList());
    }

    private static Optional<ConfigSynonym> own(ConfigKey<?> key, ConfigValues values, ConfigSource source) {
        return Optional.ofNullable(values.asMap().get(key.name()))
                .map(text -> new ConfigSynonym(key.name(), shown(key, text), source));
    }

    private ConfigEntry entry(
            ConfigKey<?> key, Optional<ConfigSynonym> own, List<Synonym> synonyms, Stream<ConfigSynonym> ownDefault) {
        var chain = new ArrayList<ConfigSynonym>();
        own.ifPresent(chain::add);
        chain.addAll(brokerChain(synonyms));
        ownDefault.forEach(chain::add);
        var value = own.map(ConfigSynonym::value).orElseGet(() -> inherited(key, synonyms));
        return new ConfigEntry(key, value, false, chain);
    }

    private @Nullable String inherited(ConfigKey<?> key, List<Synonym> synonyms) {
        var settings = layers.settings(synonyms);
        return settings.isEmpty() ? key.defaultText() : settings.get(0).converted();
    }

    /** A broker setting in another unit shows only what counts less than the setting itself, as Kafka does it. */
    private ConfigEntry brokerEntry(ConfigKey<?> key) {
        var chain = brokerChain(TopicSynonyms.ofBroker(key.name())).stream()
                .dropWhile(synonym -> !synonym.name().equals(key.name()))
                .collect(Collectors.toUnmodifiableList());
        return new ConfigEntry(key, chain.isEmpty() ? null : chain.get(0).value(), !key.isDynamic(), chain);
    }

    /** Where these broker settings are set, and last their defaults. */
    private List<ConfigSynonym> brokerChain(List<Synonym> synonyms) {
        var set = layers.settings(synonyms).stream()
                .map(setting -> new ConfigSynonym(setting.synonym().name(), brokerText(setting), setting.source()));
        var defaults = synonyms.stream()
                .flatMap(synonym -> brokers.find(synonym.name()).stream())
                .flatMap(DescribedConfigs::defaultOf);
        return Stream.concat(set, defaults).collect(Collectors.toUnmodifiableList());
    }

    private @Nullable String brokerText(BrokerLayers.Setting setting) {
        return brokers.find(setting.synonym().name())
                .map(key -> shown(key, setting.text()))
                .orElse(null);
    }

    private static Stream<ConfigSynonym> defaultOf(ConfigKey<?> key) {
        var text = key.defaultText();
        return text == null
                ? Stream.empty()
                : Stream.of(new ConfigSynonym(key.name(), shown(key, text), ConfigSource.DEFAULT));
    }

    private static @Nullable String shown(ConfigKey<?> key, String text) {
        return key.isSensitive() ? null : text;
    }
}
