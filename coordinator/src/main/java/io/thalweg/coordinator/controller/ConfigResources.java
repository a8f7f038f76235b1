package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;

/** Finds the resource that a request means. */
final class ConfigResources {

    private ConfigResources() {}

    static ConfigResource find(MetadataImage image, byte typeCode, String name) {
        var type = ConfigResource.Type.fromCode(typeCode)
                .filter(known -> known != ConfigResource.Type.QUOTA)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.INVALID_REQUEST,
                        "resource type " + typeCode + " refused: expected " + ConfigResource.Type.TOPIC.code()
                                + " for topics, " + ConfigResource.Type.BROKER.code() + " for brokers, "
                                + ConfigResource.Type.CLIENT_METRICS.code() + " for client metrics or "
                                + ConfigResource.Type.GROUP.code() + " for groups"));
        return switch (type) {
            case TOPIC -> topic(image, name);
            case BROKER -> broker(image, name);
            case CLIENT_METRICS -> clientMetrics(name);
            case GROUP -> group(name);
            case QUOTA -> throw new IllegalStateException("quotas are no configs");
        };
    }

    private static ConfigResource topic(MetadataImage image, String name) {
        if (name.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "a topic's configs need its name: there is no default");
        }
        TopicNames.check(name);
        if (image.topic(name).isEmpty()) {
            throw new RefusedException(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name + " does not exist");
        }
        return ConfigResource.ofTopic(name);
    }

    /** A group's settings may be made before there is a group. */
    private static ConfigResource group(String name) {
        if (name.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "a group's configs need its name: there is no default");
        }
        return ConfigResource.ofGroup(name);
    }

    private static ConfigResource clientMetrics(String name) {
        if (name.isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "a client metrics subscription's configs need its name");
        }
        return ConfigResource.ofClientMetrics(name);
    }

    private static ConfigResource broker(MetadataImage image, String name) {
        if (name.isEmpty()) {
            return ConfigResource.BROKER_DEFAULT;
        }
        int id = brokerId(name);
        if (image.broker(id).isEmpty()) {
            throw new RefusedException(ErrorCode.INVALID_REQUEST, "broker " + id + " is not registered");
        }
        return ConfigResource.ofBroker(id);
    }

    private static int brokerId(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            throw new RefusedException(ErrorCode.INVALID_REQUEST, "broker '" + name + "' refused: expected a node id");
        }
    }
}
