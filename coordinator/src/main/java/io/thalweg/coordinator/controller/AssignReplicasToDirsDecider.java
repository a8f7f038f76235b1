package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.AssignReplicasToDirsRequest;
import io.thalweg.protocol.message.AssignReplicasToDirsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * AssignReplicasToDirs, key 73, version 0: a broker tells of replicas that it cannot serve or can serve again, under the ids of
 * {@link UnusableReplicas}.
 *
 * <p>Others lead in their place and they leave the ISR, as if their broker were gone. A damaged one is not eligible to lead either, but as
 * long as no other can it goes on with what it has. In which directories replicas lie that are well the controller does not keep.
 */
final class AssignReplicasToDirsDecider implements Decider<AssignReplicasToDirsRequest, AssignReplicasToDirsResponse> {

    private final Elections elections;

    AssignReplicasToDirsDecider(Elections elections) {
        this.elections = elections;
    }

    /** One decision: the image with what was decided so far, and the records for it. */
    private static final class Changes {

        private final List<Message> records = new ArrayList<>();
        private MetadataImage image;

        Changes(MetadataImage image) {
            this.image = image;
        }

        void add(Message change) {
            records.add(change);
            image = MetadataRecords.replay(image, List.of(change));
        }
    }

    @Override
    public Decision<AssignReplicasToDirsResponse> decide(MetadataImage image, AssignReplicasToDirsRequest request) {
        try {
            RegisteredBrokers.find(image, request.brokerId(), request.brokerEpoch());
        } catch (RefusedException e) {
            var reply = AssignReplicasToDirsResponse.builder()
                    .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
        var changes = new Changes(image);
        var rows = new ArrayList<AssignReplicasToDirsResponse.Directory>();
        for (var directory : request.directories()) {
            var topics = new ArrayList<AssignReplicasToDirsResponse.Topic>();
            for (var topic : directory.topics()) {
                topics.add(row(changes, request.brokerId(), directory.id(), topic));
            }
            rows.add(new AssignReplicasToDirsResponse.Directory(directory.id(), topics));
        }
        var reply = AssignReplicasToDirsResponse.builder().directories(rows).build();
        return new Decision<>(changes.records, reply);
    }

    private AssignReplicasToDirsResponse.Topic row(
            Changes changes, int broker, UUID directory, AssignReplicasToDirsRequest.Topic asked) {
        var partitions = new ArrayList<AssignReplicasToDirsResponse.Partition>();
        for (var partition : asked.partitions()) {
            var error = assign(changes, broker, directory, asked.topicId(), partition.partitionIndex());
            partitions.add(new AssignReplicasToDirsResponse.Partition(partition.partitionIndex(), error.code()));
        }
        return new AssignReplicasToDirsResponse.Topic(asked.topicId(), partitions);
    }

    private ErrorCode assign(Changes changes, int broker, UUID directory, UUID topicId, int index) {
        var topic = changes.image.topic(topicId);
        if (topic.isEmpty()) {
            return ErrorCode.UNKNOWN_TOPIC_ID;
        }
        var partition = topic.get().partition(index);
        if (partition.isEmpty()) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!partition.get().replicas().contains(broker)) {
            return ErrorCode.NOT_LEADER_OR_FOLLOWER;
        }
        next(changes.image, topic.get(), partition.get(), broker, directory)
                .ifPresent(after -> changes.add(ImageRecords.partition(topicId, after)));
        return ErrorCode.NONE;
    }

    private Optional<PartitionImage> next(
            MetadataImage image, TopicImage topic, PartitionImage partition, int broker, UUID directory) {
        if (directory.equals(UnusableReplicas.DAMAGED)) {
            return elections.withoutDamaged(image, topic, partition, broker);
        }
        return directory.equals(UnusableReplicas.WITHIN_REACH)
                ? elections.withReachable(image, topic, partition, broker)
                : elections.withoutUnreachable(image, topic, partition, broker);
    }
}
