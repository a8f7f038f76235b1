package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The values a resource would have after a request; confined to one decision.
 *
 * <p>All of it comes into force or nothing.
 */
final class ConfigChange {

    /** A longer value is refused, as Kafka does. */
    private static final int MAX_VALUE_LENGTH = Short.MAX_VALUE;

    private final ConfigResource resource;
    private final SortedMap<String, String> before;
    private final SortedMap<String, String> after;

    private ConfigChange(ConfigResource resource, SortedMap<String, String> before, SortedMap<String, String> after) {
        this.resource = resource;
        this.before = before;
        this.after = after;
    }

    /** A change that starts from what is set. */
    static ConfigChange of(MetadataImage image, ConfigResource resource) {
        var before = image.configs(resource);
        return new ConfigChange(resource, before, new TreeMap<>(before));
    }

    /** A change after which only that is set which it sets. */
    static ConfigChange replacing(MetadataImage image, ConfigResource resource) {
        return new ConfigChange(resource, image.configs(resource), new TreeMap<>());
    }

    /** The value, which must be there and not too long. */
    static String checked(String name, @Nullable String value, ErrorCode ifNull) {
        if (value == null) {
            throw new RefusedException(ifNull, "config " + name + " refused: its value is null");
        }
        if (value.length() > MAX_VALUE_LENGTH) {
            throw new RefusedException(
                    ErrorCode.INVALID_CONFIG,
                    "config " + name + " refused: its value has " + value.length() + " characters; at most "
                            + MAX_VALUE_LENGTH + " are allowed");
        }
        return value;
    }

    void set(String name, String value) {
        after.put(name, value);
    }

    void unset(String name) {
        after.remove(name);
    }

    @Nullable String value(String name) {
        return after.get(name);
    }

    /** What has to be logged; nothing if everything stays as it is. */
    List<Message> records(ConfigSchema schema) {
        var changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(name -> Objects.equals(before.get(name), after.get(name)));
        if (changed.isEmpty()) {
            return List.of();
        }
        schema.refusal(resource, after).ifPresent(reason -> {
            throw new RefusedException(errorOf(resource.type()), reason);
        });
        var records = new ArrayList<Message>();
        changed.forEach(name -> records.add(ImageRecords.config(resource, name, after.get(name))));
        return records;
    }

    /** Kafka answers with another code for brokers than for topics. */
    private static ErrorCode errorOf(ConfigResource.Type type) {
        return switch (type) {
            case TOPIC, GROUP -> ErrorCode.INVALID_CONFIG;
            case BROKER, CLIENT_METRICS, QUOTA -> ErrorCode.INVALID_REQUEST;
        };
    }
}
