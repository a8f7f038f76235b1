package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest.Partition;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * AlterPartitionReassignments, key 45, versions 0-1.
 *
 * <p>The replicas to come are added to those there are; when all of them are in sync, those to go are let go. Another reassignment takes
 * the place of one under way, an empty one takes it back. Each partition is reassigned, or refused, by itself.
 */
final class ReassignmentDecider
        implements Decider<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> {

    private final Elections elections;

    ReassignmentDecider(Elections elections) {
        this.elections = elections;
    }

    @Override
    public Decision<AlterPartitionReassignmentsResponse> decide(
            MetadataImage image, AlterPartitionReassignmentsRequest request) {
        var records = new ArrayList<Message>();
        var topics = new ArrayList<AlterPartitionReassignmentsResponse.Topic>();
        for (var topic : request.topics()) {
            var seen = new TreeSet<Integer>();
            var rows = new ArrayList<AlterPartitionReassignmentsResponse.Partition>();
            for (var partition : topic.partitions()) {
                if (seen.add(partition.partitionIndex())) {
                    rows.add(row(image, request, topic.name(), partition, records));
                }
            }
            topics.add(new AlterPartitionReassignmentsResponse.Topic(topic.name(), rows));
        }
        var reply = AlterPartitionReassignmentsResponse.builder()
                .allowReplicationFactorChange(request.allowReplicationFactorChange())
                .errorMessage(null)
                .responses(topics)
                .build();
        return new Decision<>(records, reply);
    }

    private AlterPartitionReassignmentsResponse.Partition row(
            MetadataImage image,
            AlterPartitionReassignmentsRequest request,
            String name,
            Partition partition,
            List<Message> records) {
        var row = AlterPartitionReassignmentsResponse.Partition.builder()
                .partitionIndex(partition.partitionIndex())
                .errorMessage(null);
        try {
            var topic = image.topic(name)
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name + " does not exist"));
            var before = topic.partition(partition.partitionIndex())
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                            "topic " + name + " has no partition " + partition.partitionIndex()));
            var target = partition.replicas();
            var next = target == null
                    ? cancelled(image, topic, before)
                    : reassigned(image, topic, before, target, request.allowReplicationFactorChange());
            next.build().ifPresent(after -> records.add(ImageRecords.partition(topic.id(), after)));
        } catch (RefusedException e) {
            row.errorCode(e.error().code()).errorMessage(e.text());
        }
        return row.build();
    }

    private NextPartition cancelled(MetadataImage image, TopicImage topic, PartitionImage before) {
        if (!before.reassignment().isUnderWay()) {
            throw new RefusedException(ErrorCode.NO_REASSIGNMENT_IN_PROGRESS, "the partition is not being reassigned");
        }
        var next = elections.next(image, topic, before).reassigned(original(before), Reassignment.NONE);
        if (!next.hasIsr()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "the reassignment cannot be taken back: of the replicas " + original(before)
                            + " that there were none is in sync");
        }
        return next;
    }

    /** The replicas without those that a reassignment under way adds. */
    private static List<Integer> original(PartitionImage partition) {
        return partition.replicas().stream()
                .filter(replica -> !partition.reassignment().adding().contains(replica))
                .toList();
    }

    private NextPartition reassigned(
            MetadataImage image,
            TopicImage topic,
            PartitionImage before,
            List<Integer> target,
            boolean mayChangeFactor) {
        ReplicaPlacement.checkChosen(image, before.partition(), target);
        var original = original(before);
        int known = before.replicas().size() - before.reassignment().removing().size();
        if (!mayChangeFactor && target.size() != known) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICATION_FACTOR,
                    "replicas " + target + " refused: the replication factor is " + known
                            + ", and the request does not let it change");
        }
        var adding =
                target.stream().filter(replica -> !original.contains(replica)).toList();
        var removing =
                original.stream().filter(replica -> !target.contains(replica)).toList();
        var merged = new ArrayList<>(target);
        merged.addAll(removing);
        var next = elections.next(image, topic, before).reassigned(merged, new Reassignment(adding, removing));
        if (!next.hasIsr()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REPLICA_ASSIGNMENT,
                    "replicas " + target + " refused: none of those in sync would stay");
        }
        return next;
    }
}
