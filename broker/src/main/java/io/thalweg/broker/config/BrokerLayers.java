package io.thalweg.broker.config;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.config.ConfigValues;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The three places where a broker's settings are set; the first counts most.
 *
 * @param dynamic set for this broker while it runs
 * @param dynamicDefault set for all brokers while they run
 * @param fixed set when it was started
 */
public record BrokerLayers(ConfigValues dynamic, ConfigValues dynamicDefault, ConfigValues fixed) {

    /** A broker about which nothing was changed since it started. */
    public static BrokerLayers ofStatic(ConfigValues fixed) {
        return new BrokerLayers(ConfigValues.empty(), ConfigValues.empty(), fixed);
    }

    /** The layers of a broker as an image has them. */
    public static BrokerLayers of(MetadataImage image, int brokerId, ConfigValues fixed) {
        return new BrokerLayers(
                ConfigValues.of(image.configs(ConfigResource.ofBroker(brokerId))),
                ConfigValues.of(image.configs(ConfigResource.BROKER_DEFAULT)),
                fixed);
    }

    /** What counts for the broker, all layers taken together. */
    public ConfigValues effective() {
        var texts = new TreeMap<>(fixed.asMap());
        texts.putAll(dynamicDefault.asMap());
        texts.putAll(dynamic.asMap());
        return ConfigValues.of(texts);
    }

    /**
     * What counts for a topic: its own settings, else those of this broker, else those of all brokers, else those of the broker's
     * file, else the defaults.
     *
     * @param overrides what is set for the topic itself
     */
    public TopicSettings topic(ConfigValues overrides) {
        return TopicSettings.of(effectiveTopic(overrides));
    }

    /** The same as text: everything that is set for the topic, or for the broker where that stands in. */
    ConfigValues effectiveTopic(ConfigValues overrides) {
        var texts = new TreeMap<>(overrides.asMap());
        for (var key : TopicKeys.all()) {
            if (!overrides.isSet(key)) {
                settings(TopicSynonyms.ofTopic(key.name())).stream()
                        .findFirst()
                        .ifPresent(setting -> texts.put(key.name(), setting.converted()));
            }
        }
        return ConfigValues.of(texts);
    }

    /** Where any of the synonyms is set, layer by layer, defaults left out. */
    List<Setting> settings(List<Synonym> synonyms) {
        var settings = new ArrayList<Setting>();
        collect(settings, synonyms, dynamic.asMap(), ConfigSource.DYNAMIC_BROKER);
        collect(settings, synonyms, dynamicDefault.asMap(), ConfigSource.DYNAMIC_DEFAULT_BROKER);
        collect(settings, synonyms, fixed.asMap(), ConfigSource.STATIC_BROKER);
        return settings;
    }

    private static void collect(
            List<Setting> settings, List<Synonym> synonyms, Map<String, String> texts, ConfigSource source) {
        for (var synonym : synonyms) {
            var text = texts.get(synonym.name());
            if (text != null) {
                settings.add(new Setting(synonym, text, source));
            }
        }
    }

    /** A synonym that is set, its text and where. */
    record Setting(Synonym synonym, String text, ConfigSource source) {

        /** The text in the unit of the setting that the synonym stands in for. */
        String converted() {
            return synonym.convert(text);
        }
    }
}
