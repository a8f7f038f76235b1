package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A few keys: {@code retention.ms}, {@code cleanup.policy}, {@code low}, {@code high} and those of elections for topics; {@code threads}
 * for brokers.
 */
final class SampleSchema implements ConfigSchema {

    private static final List<ConfigKey<?>> TOPIC_KEYS = List.of(
            ConfigKey.ofLong("retention.ms", 1000L).atLeast(-1),
            ConfigKey.ofList("cleanup.policy", List.of("delete")).oneOf("delete", "compact"),
            ConfigKey.ofInt("min.insync.replicas", 1),
            ConfigKey.ofBoolean("unclean.leader.election.enable", false),
            ConfigKey.ofString("durability", "os"),
            ConfigKey.ofInt("low", 0),
            ConfigKey.ofInt("high", 10));
    private static final List<ConfigKey<?>> BROKER_KEYS =
            List.of(ConfigKey.ofInt("threads", 1).atLeast(1));

    @Override
    public Optional<ConfigKey<?>> key(ConfigResource.Type type, String name) {
        return (type == ConfigResource.Type.TOPIC ? TOPIC_KEYS : BROKER_KEYS)
                .stream().filter(key -> key.name().equals(name)).findFirst();
    }

    @Override
    public Optional<String> refusal(ConfigResource resource, SortedMap<String, String> values) {
        for (var entry : values.entrySet()) {
            var key = key(resource.type(), entry.getKey());
            if (key.isEmpty()) {
                return Optional.of("config " + entry.getKey() + " is unknown");
            }
            try {
                key.orElseThrow().parse(entry.getValue());
            } catch (ConfigException e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
        }
        int low = Integer.parseInt(values.getOrDefault("low", "0"));
        int high = Integer.parseInt(values.getOrDefault("high", "10"));
        return low > high ? Optional.of("low=" + low + " is above high=" + high) : Optional.empty();
    }

    @Override
    public TopicRules rules(MetadataImage image, String topic) {
        var values = image.configs(ConfigResource.ofTopic(topic));
        return new TopicRules(
                Integer.parseInt(values.getOrDefault("min.insync.replicas", "1")),
                Boolean.parseBoolean(values.getOrDefault("unclean.leader.election.enable", "false")),
                values.getOrDefault("durability", "os").equals("fsync"));
    }

    @Override
    public List<CreateTopicsResponse.Config> topicConfigs(MetadataImage image, SortedMap<String, String> values) {
        return TOPIC_KEYS.stream()
                .map(key -> CreateTopicsResponse.Config.builder()
                        .name(key.name())
                        .value(values.getOrDefault(key.name(), key.defaultText()))
                        .configSource((byte) (values.containsKey(key.name()) ? 1 : 5))
                        .build())
                .toList();
    }
}
