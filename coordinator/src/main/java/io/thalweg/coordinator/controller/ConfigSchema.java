package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** What the controller needs to know about configs, told by who declares the keys. Called on the controller's event loop; pure. */
public interface ConfigSchema {

    /** The key of this name, if resources of this type have it. */
    Optional<ConfigKey<?>> key(ConfigResource.Type type, String name);

    /**
     * Why a resource cannot have exactly these values set, as a sentence for the user; empty if it can.
     *
     * @param values all that would be set, texts by name
     */
    Optional<String> refusal(ConfigResource resource, SortedMap<String, String> values);

    /** What elections need to know of a topic, by its configs and those of the brokers; the defaults for a topic that does not exist. */
    TopicRules rules(MetadataImage image, String topic);

    /**
     * All configs a topic would have, as the reply to its creation lists them.
     *
     * @param values what is set for the topic itself, texts by name
     */
    List<CreateTopicsResponse.Config> topicConfigs(MetadataImage image, SortedMap<String, String> values);
}
