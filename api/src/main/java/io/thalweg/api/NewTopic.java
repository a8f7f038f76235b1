package io.thalweg.api;

import java.util.Map;

/**
 * A topic to create.
 *
 * @param partitions how many, or -1 for the broker's default
 * @param replicationFactor how many replicas each has, or -1 for the broker's default
 * @param config its settings where they differ from the broker's
 */
public record NewTopic(String name, int partitions, int replicationFactor, Map<String, String> config) {

    /** Copies the settings. */
    public NewTopic {
        config = Map.copyOf(config);
    }

    /** A topic with the broker's default number of replicas and settings. */
    public static NewTopic of(String name, int partitions) {
        return new NewTopic(name, partitions, -1, Map.of());
    }
}
