package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.controller.ControllerConfig.Topics;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.TopicRecord;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsRequest.Topic;
import io.thalweg.protocol.message.CreateTopicsResponse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * CreateTopics, key 19, versions 2-7.
 *
 * <p>Each topic is created or refused by itself. A name that is in the request twice has one row, and is refused. A topic sees those
 * before it in the request, so two names that metrics cannot tell apart are refused within one request too. With {@code validateOnly}
 * the reply is the same and nothing is created.
 */
final class CreateTopicsDecider implements Decider<CreateTopicsRequest, CreateTopicsResponse> {

    /** One request may not ask for more, in all its topics. */
    static final int MAX_PARTITIONS = 10_000;

    private static final int USE_DEFAULT = -1;

    private final Topics defaults;
    private final ConfigSchema schema;
    private final RandomIds ids;
    private final ReplicaPlacement placement;

    CreateTopicsDecider(Topics defaults, ConfigSchema schema, RandomIds ids, ReplicaPlacement placement) {
        this.defaults = defaults;
        this.schema = schema;
        this.ids = ids;
        this.placement = placement;
    }

    @Override
    public Decision<CreateTopicsResponse> decide(MetadataImage image, CreateTopicsRequest request) {
        var duplicates =
                Duplicates.in(request.topics().stream().map(Topic::name).toList());
        var isTooLarge = partitionCount(request) > MAX_PARTITIONS;
        var records = new ArrayList<Message>();
        var rows = new ArrayList<CreateTopicsResponse.Topic>();
        var answered = new TreeSet<String>();
        var working = image;
        for (var topic : request.topics()) {
            if (!answered.add(topic.name())) {
                continue;
            }
            try {
                checkRequest(topic, duplicates.contains(topic.name()), isTooLarge);
                var creation = create(working, topic);
                working = working.with(TopicImage.of(topic.name(), creation.row.topicId()));
                records.addAll(creation.records);
                rows.add(creation.row);
            } catch (RefusedException e) {
                rows.add(refused(topic.name(), e));
            }
        }
        var reply = CreateTopicsResponse.builder().topics(rows).build();
        return new Decision<>(request.validateOnly() ? List.of() : records, reply);
    }

    private long partitionCount(CreateTopicsRequest request) {
        return request.topics().stream()
                .mapToLong(topic -> topic.assignments().isEmpty()
                        ? Math.max(0, orDefault(topic.numPartitions(), defaults.partitionCount()))
                        : topic.assignments().size())
                .sum();
    }

    private static void checkRequest(Topic topic, boolean isDuplicate, boolean isTooLarge) {
        if (isDuplicate) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST, "topic " + topic.name() + " is in the request more than once");
        }
        TopicNames.checkNotReserved(topic.name());
        if (isTooLarge) {
            throw new RefusedException(
                    ErrorCode.POLICY_VIOLATION,
                    "the request asks for more than " + MAX_PARTITIONS + " partitions: split it");
        }
    }

    private Creation create(MetadataImage image, Topic topic) {
        var name = topic.name();
        TopicNames.check(name);
        checkIsNew(image, name);
        var configs = configs(topic);
        var partitions = topic.assignments().isEmpty() ? placed(image, topic) : chosen(image, topic);
        var id = ids.next();
        var records = new ArrayList<Message>();
        records.add(new TopicRecord(name, id));
        partitions.forEach(partition -> records.add(ImageRecords.partition(id, partition)));
        configs.forEach((key, value) -> records.add(ImageRecords.config(ConfigResource.ofTopic(name), key, value)));
        var row = CreateTopicsResponse.Topic.builder()
                .name(name)
                .topicId(id)
                .errorMessage(null)
                .numPartitions(partitions.size())
                .replicationFactor((short) partitions.get(0).replicas().size())
                .configs(schema.topicConfigs(image, configs))
                .build();
        return new Creation(records, row);
    }

    private static void checkIsNew(MetadataImage image, String name) {
        if (image.topic(name).isPresent()) {
            throw new RefusedException(ErrorCode.TOPIC_ALREADY_EXISTS, "topic " + name + " exists already");
        }
        image.topicWithMetricNameOf(name).ifPresent(other -> {
            throw new RefusedException(
                    ErrorCode.INVALID_TOPIC_EXCEPTION,
                    "topic name '" + name + "' cannot be used: metrics cannot tell it from topic '" + other + "'");
        });
    }

    private SortedMap<String, String> configs(Topic topic) {
        var values = new TreeMap<String, String>();
        for (var config : topic.configs()) {
            values.put(config.name(), ConfigChange.checked(config.name(), config.value(), ErrorCode.INVALID_CONFIG));
        }
        if (!values.isEmpty()) {
            schema.refusal(ConfigResource.ofTopic(topic.name()), values).ifPresent(reason -> {
                throw new RefusedException(ErrorCode.INVALID_CONFIG, reason);
            });
        }
        return values;
    }

    private List<PartitionImage> placed(MetadataImage image, Topic topic) {
        int replicationFactor = orDefault(topic.replicationFactor(), defaults.replicationFactor());
        int partitionCount = orDefault(topic.numPartitions(), defaults.partitionCount());
        if (replicationFactor < 1) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "replication factor " + replicationFactor + " refused: expected 1 or more, or -1 for the default");
        }
        if (partitionCount < 1) {
            throw new RefusedException(
                    ErrorCode.INVALID_PARTITIONS,
                    "partition count " + partitionCount + " refused: expected 1 or more, or -1 for the default");
        }
        var partitions = new ArrayList<PartitionImage>();
        for (var replicas : placement.place(image, partitionCount, replicationFactor)) {
            partitions.add(ReplicaPlacement.created(image, partitions.size(), replicas));
        }
        return partitions;
    }

    private static int orDefault(int requested, int defaultValue) {
        return requested == USE_DEFAULT ? defaultValue : requested;
    }

    private static List<PartitionImage> chosen(MetadataImage image, Topic topic) {
        if (topic.replicationFactor() != USE_DEFAULT || topic.numPartitions() != USE_DEFAULT) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST,
                    "partition count " + topic.numPartitions() + " and replication factor " + topic.replicationFactor()
                            + " refused: expected -1 for both beside an assignment");
        }
        var assignments = topic.assignments().stream()
                .sorted(Comparator.comparingInt(CreateTopicsRequest.Assignment::partitionIndex))
                .toList();
        var partitions = new ArrayList<PartitionImage>();
        for (var assignment : assignments) {
            if (assignment.partitionIndex() != partitions.size()) {
                throw new RefusedException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "assignment of partition " + assignment.partitionIndex() + " refused: expected partition "
                                + partitions.size() + ", because they are numbered from 0 without a gap");
            }
            partitions.add(ReplicaPlacement.chosen(image, partitions.size(), assignment.brokerIds()));
        }
        checkSameReplicationFactor(partitions);
        return partitions;
    }

    private static void checkSameReplicationFactor(List<PartitionImage> partitions) {
        int first = partitions.get(0).replicas().size();
        for (var partition : partitions) {
            if (partition.replicas().size() != first) {
                throw new RefusedException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "assignment of partition " + partition.partition() + " refused: it has "
                                + partition.replicas().size() + " brokers, partition 0 has " + first);
            }
        }
    }

    private static CreateTopicsResponse.Topic refused(String name, RefusedException refusal) {
        return CreateTopicsResponse.Topic.builder()
                .name(name)
                .errorCode(refusal.error().code())
                .errorMessage(refusal.text())
                .build();
    }

    private record Creation(List<Message> records, CreateTopicsResponse.Topic row) {}
}
