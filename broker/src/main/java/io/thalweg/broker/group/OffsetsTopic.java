package io.thalweg.broker.group;

import io.thalweg.broker.config.GroupKeys;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topic in which groups and their offsets are kept: its name, how it is cut and how it is created. Any thread. */
public final class OffsetsTopic {

    /** As clients see it. */
    public static final String NAME = "__consumer_offsets";

    private static final Logger log = LoggerFactory.getLogger(OffsetsTopic.class);

    private final ControllerChannel controller;
    private final ConfigValues config;
    private final boolean isAlone;

    /**
     * The topic as the settings have it.
     *
     * @param isAlone whether there can be no other broker, so that one replica is all there is
     */
    public OffsetsTopic(ControllerChannel controller, ConfigValues config, boolean isAlone) {
        this.controller = controller;
        this.config = config;
        this.isAlone = isAlone;
    }

    /** The partition of a group, as Apache Kafka has it. */
    public static int partitionOf(String groupId, int partitionCount) {
        var hash = groupId.hashCode();
        return (hash == Integer.MIN_VALUE ? 0 : Math.abs(hash)) % partitionCount;
    }

    /** Completes, never fails, once the topic exists or cannot be created. */
    CompletionStage<Void> create() {
        var request = CreateTopicsRequest.builder()
                .topics(List.of(CreateTopicsRequest.Topic.builder()
                        .name(NAME)
                        .numPartitions(config.value(GroupKeys.OFFSETS_TOPIC_PARTITIONS))
                        .replicationFactor(replicationFactor())
                        .configs(settings(config).entrySet().stream()
                                .map(each -> new CreateTopicsRequest.Config(each.getKey(), each.getValue()))
                                .toList())
                        .build()))
                .build();
        return controller.call(request, CreateTopicsResponse.class).handle((created, failure) -> {
            note(created, failure);
            return null;
        });
    }

    private short replicationFactor() {
        return isAlone ? (short) 1 : config.value(GroupKeys.OFFSETS_TOPIC_REPLICATION_FACTOR);
    }

    /** What is set for the topic. */
    public static SortedMap<String, String> settings(ConfigValues config) {
        return new TreeMap<>(Map.of(
                "cleanup.policy",
                "compact",
                "durability",
                "fsync",
                "compression.type",
                "producer",
                "segment.bytes",
                config.value(GroupKeys.OFFSETS_TOPIC_SEGMENT_BYTES).toString()));
    }

    private static void note(@Nullable CreateTopicsResponse created, @Nullable Throwable failure) {
        if (created == null) {
            log.warn("topic {} was not created; the next request for a group tries again", NAME, failure);
            return;
        }
        for (var topic : created.topics()) {
            if (topic.errorCode() != ErrorCode.NONE.code()
                    && topic.errorCode() != ErrorCode.TOPIC_ALREADY_EXISTS.code()) {
                log.warn("topic {} was not created: {}", NAME, topic.errorMessage());
            }
        }
    }
}
