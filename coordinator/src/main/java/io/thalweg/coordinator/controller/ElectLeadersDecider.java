package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.ElectLeadersRequest;
import io.thalweg.protocol.message.ElectLeadersResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * ElectLeaders, key 43, versions 0-2.
 *
 * <p>A preferred election gives leadership to the first replica if that is in sync; an unclean one to any replica where nobody leads.
 * Each partition has its own outcome. Where all partitions are meant, those that need no election are not in the answer.
 */
final class ElectLeadersDecider implements Decider<ElectLeadersRequest, ElectLeadersResponse> {

    private static final byte PREFERRED = 0;
    private static final byte UNCLEAN = 1;

    private final Elections elections;

    ElectLeadersDecider(Elections elections) {
        this.elections = elections;
    }

    @Override
    public Decision<ElectLeadersResponse> decide(MetadataImage image, ElectLeadersRequest request) {
        if (request.electionType() != PREFERRED && request.electionType() != UNCLEAN) {
            var reply = ElectLeadersResponse.builder()
                    .errorCode(ErrorCode.INVALID_REQUEST.code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
        var records = new ArrayList<Message>();
        var rows = new ArrayList<ElectLeadersResponse.Topic>();
        var asked = request.topicPartitions();
        if (asked == null) {
            for (var topic : image.topics()) {
                var numbers = topic.partitions().stream()
                        .map(PartitionImage::partition)
                        .toList();
                addRow(rows, topic.name(), needed(elect(image, request, topic.name(), numbers, records)));
            }
        } else {
            asked.forEach(each ->
                    addRow(rows, each.topic(), elect(image, request, each.topic(), each.partitions(), records)));
        }
        var reply = ElectLeadersResponse.builder().replicaElectionResults(rows).build();
        return new Decision<>(records, reply);
    }

    private static void addRow(
            List<ElectLeadersResponse.Topic> rows, String topic, List<ElectLeadersResponse.Partition> partitions) {
        if (!partitions.isEmpty()) {
            rows.add(new ElectLeadersResponse.Topic(topic, partitions));
        }
    }

    private static List<ElectLeadersResponse.Partition> needed(List<ElectLeadersResponse.Partition> all) {
        return all.stream()
                .filter(row -> row.errorCode() != ErrorCode.ELECTION_NOT_NEEDED.code())
                .toList();
    }

    private List<ElectLeadersResponse.Partition> elect(
            MetadataImage image,
            ElectLeadersRequest request,
            String name,
            List<Integer> partitions,
            List<Message> records) {
        var rows = new ArrayList<ElectLeadersResponse.Partition>();
        for (int partition : partitions.stream().distinct().toList()) {
            var row = ElectLeadersResponse.Partition.builder().partitionId(partition);
            try {
                var topic = image.topic(name)
                        .orElseThrow(() -> new RefusedException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic " + name + " does not exist"));
                var before = topic.partition(partition)
                        .orElseThrow(() -> new RefusedException(
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "topic " + name + " has no partition " + partition));
                var after = elect(image, topic, before, request.electionType() == UNCLEAN);
                records.add(ImageRecords.partition(topic.id(), after));
                row.errorMessage(null);
            } catch (RefusedException e) {
                row.errorCode(e.error().code()).errorMessage(e.text());
            }
            rows.add(row.build());
        }
        return rows;
    }

    private PartitionImage elect(MetadataImage image, TopicImage topic, PartitionImage before, boolean isUnclean) {
        if (isUnclean ? before.hasLeader() : before.leader() == before.preferredLeader()) {
            throw new RefusedException(
                    ErrorCode.ELECTION_NOT_NEEDED, "broker " + before.leader() + " leads the partition already");
        }
        var next = elections.next(image, topic, before);
        var after =
                (isUnclean ? next.allowUnclean() : next.preferFirst()).build().orElse(before);
        if (isUnclean && !after.hasLeader()) {
            throw new RefusedException(
                    ErrorCode.ELIGIBLE_LEADERS_NOT_AVAILABLE,
                    "none of the replicas " + before.replicas() + " is active");
        }
        if (!isUnclean && after.leader() != before.preferredLeader()) {
            throw new RefusedException(
                    ErrorCode.PREFERRED_LEADER_NOT_AVAILABLE,
                    "broker " + before.preferredLeader() + " is not active or not in sync");
        }
        return after;
    }
}
