package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsRequest.Assignment;
import io.thalweg.protocol.message.CreatePartitionsRequest.Topic;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * CreatePartitions, key 37, versions 0-3.
 *
 * <p>One row for each topic, which gets its partitions or is refused by itself; a name that is in the request twice is refused. New
 * partitions have the replication factor of partition 0.
 */
final class CreatePartitionsDecider implements Decider<CreatePartitionsRequest, CreatePartitionsResponse> {

    private final ReplicaPlacement placement;

    CreatePartitionsDecider(ReplicaPlacement placement) {
        this.placement = placement;
    }

    @Override
    public Decision<CreatePartitionsResponse> decide(MetadataImage image, CreatePartitionsRequest request) {
        var duplicates =
                Duplicates.in(request.topics().stream().map(Topic::name).toList());
        var answered = new TreeSet<String>();
        var records = new ArrayList<Message>();
        var rows = new ArrayList<CreatePartitionsResponse.Topic>();
        for (var topic : request.topics()) {
            if (!answered.add(topic.name())) {
                continue;
            }
            var row = CreatePartitionsResponse.Topic.builder().name(topic.name());
            try {
                if (duplicates.contains(topic.name())) {
                    throw new RefusedException(
                            ErrorCode.INVALID_REQUEST, "topic " + topic.name() + " is in the request more than once");
                }
                records.addAll(add(image, topic));
            } catch (RefusedException e) {
                row.errorCode(e.error().code()).errorMessage(e.text());
            }
            rows.add(row.build());
        }
        var reply = CreatePartitionsResponse.builder().results(rows).build();
        return new Decision<>(request.validateOnly() ? List.of() : records, reply);
    }

    private List<Message> add(MetadataImage image, Topic request) {
        var topic = image.topic(request.name())
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + request.name() + " does not exist"));
        checkCount(request, topic);
        var assignments = request.assignments();
        var added = assignments == null
                ? placed(image, topic, request.count())
                : chosen(image, topic, request.count(), assignments);
        return added.stream()
                .<Message>map(partition -> ImageRecords.partition(topic.id(), partition))
                .toList();
    }

    private static void checkCount(Topic request, TopicImage topic) {
        if (request.count() <= topic.partitionCount()) {
            throw new RefusedException(
                    ErrorCode.INVALID_PARTITIONS,
                    "partition count " + request.count() + " refused: topic " + topic.name() + " has "
                            + topic.partitionCount() + ", and the count can only grow");
        }
        if (request.count() - topic.partitionCount() > CreateTopicsDecider.MAX_PARTITIONS) {
            throw new RefusedException(
                    ErrorCode.POLICY_VIOLATION,
                    "partition count " + request.count() + " refused: one request may add at most "
                            + CreateTopicsDecider.MAX_PARTITIONS);
        }
    }

    private List<PartitionImage> placed(MetadataImage image, TopicImage topic, int count) {
        var added = new ArrayList<PartitionImage>();
        int first = topic.partitionCount();
        for (var replicas : placement.place(image, count - first, replicationFactor(topic))) {
            added.add(ReplicaPlacement.created(image, first + added.size(), replicas));
        }
        return added;
    }

    private static List<PartitionImage> chosen(
            MetadataImage image, TopicImage topic, int count, List<Assignment> assignments) {
        int first = topic.partitionCount();
        if (assignments.size() != count - first) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "assignments of " + assignments.size() + " partitions refused: expected one for each of the "
                            + (count - first) + " new ones");
        }
        var added = new ArrayList<PartitionImage>();
        for (var assignment : assignments) {
            var partition = ReplicaPlacement.chosen(image, first + added.size(), assignment.brokerIds());
            if (partition.replicas().size() != replicationFactor(topic)) {
                throw new RefusedException(
                        ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                        "assignment of partition " + partition.partition() + " refused: it has "
                                + partition.replicas().size() + " brokers, partition 0 has "
                                + replicationFactor(topic));
            }
            added.add(partition);
        }
        return added;
    }

    private static int replicationFactor(TopicImage topic) {
        return topic.partition(0).orElseThrow().replicas().size();
    }
}
