package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionRequest.BrokerState;
import io.thalweg.protocol.message.AlterPartitionRequest.Partition;
import io.thalweg.protocol.message.AlterPartitionResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * AlterPartition, key 56, versions 2-3: the leader of a partition says who is in sync.
 *
 * <p>Each partition is changed, or refused, by itself: only what knows the newest partition epoch, sent by the leader of the newest leader
 * epoch, out of its present life, changes anything; a replica comes in only with the broker epoch that the controller knows (KIP-903), and
 * not while it is fenced or about to leave.
 */
final class AlterPartitionDecider implements Decider<AlterPartitionRequest, AlterPartitionResponse> {

    private static final long ANY_EPOCH = -1;
    private static final byte RECOVERED = 0;

    private final Elections elections;

    AlterPartitionDecider(Elections elections) {
        this.elections = elections;
    }

    @Override
    public Decision<AlterPartitionResponse> decide(MetadataImage image, AlterPartitionRequest request) {
        try {
            RegisteredBrokers.find(image, request.brokerId(), request.brokerEpoch());
        } catch (RefusedException e) {
            var reply = AlterPartitionResponse.builder()
                    .errorCode(ErrorCode.STALE_BROKER_EPOCH.code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
        var records = new ArrayList<Message>();
        var topics = new ArrayList<AlterPartitionResponse.Topic>();
        var working = image;
        for (var topic : request.topics()) {
            var rows = new ArrayList<AlterPartitionResponse.Partition>();
            for (var partition : topic.partitions()) {
                int decidedCount = records.size();
                rows.add(row(working, request.brokerId(), topic, partition, records));
                // A partition that is in the request twice meets its new epoch the second time.
                working = MetadataRecords.replay(working, records.subList(decidedCount, records.size()));
            }
            topics.add(AlterPartitionResponse.Topic.builder()
                    .topicId(topic.topicId())
                    .partitions(rows)
                    .build());
        }
        return new Decision<>(
                records, AlterPartitionResponse.builder().topics(topics).build());
    }

    private AlterPartitionResponse.Partition row(
            MetadataImage image,
            int sender,
            AlterPartitionRequest.Topic requested,
            Partition partition,
            List<Message> records) {
        var row = AlterPartitionResponse.Partition.builder().partitionIndex(partition.partitionIndex());
        try {
            var topic = image.topic(requested.topicId())
                    .orElseThrow(() -> new RefusedException(ErrorCode.UNKNOWN_TOPIC_ID, "the topic is unknown"));
            var before = topic.partition(partition.partitionIndex())
                    .orElseThrow(() -> new RefusedException(
                            ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "the topic has no such partition"));
            check(image, sender, before, partition);
            var after = changed(image, topic, before, partition);
            if (!after.equals(before)) {
                records.add(ImageRecords.partition(topic.id(), after));
            }
            if (after.leader() != before.leader() || after.leaderEpoch() != before.leaderEpoch()) {
                return row.errorCode(ErrorCode.NEW_LEADER_ELECTED.code()).build();
            }
            return row.leaderId(after.leader())
                    .leaderEpoch(after.leaderEpoch())
                    .isr(after.isr())
                    .leaderRecoveryState(RECOVERED)
                    .partitionEpoch(after.partitionEpoch())
                    .build();
        } catch (RefusedException e) {
            return row.errorCode(e.error().code()).build();
        }
    }

    private PartitionImage changed(MetadataImage image, TopicImage topic, PartitionImage before, Partition partition) {
        var ids = members(partition).stream().map(BrokerState::brokerId).toList();
        var isr = before.replicas().stream().filter(ids::contains).toList();
        var isSameIsr = new TreeSet<>(isr).equals(new TreeSet<>(before.isr()));
        return elections
                .next(image, topic, before)
                .withIsr(isSameIsr ? before.isr() : isr)
                .build()
                .orElse(before);
    }

    private static List<BrokerState> members(Partition partition) {
        return partition.newIsrWithEpochs().isEmpty()
                ? partition.newIsr().stream()
                        .map(id -> new BrokerState(id, ANY_EPOCH))
                        .toList()
                : partition.newIsrWithEpochs();
    }

    private void check(MetadataImage image, int sender, PartitionImage known, Partition requested) {
        if (requested.leaderEpoch() > known.leaderEpoch() || requested.partitionEpoch() > known.partitionEpoch()) {
            throw new RefusedException(ErrorCode.NOT_CONTROLLER, "the sender knows newer epochs than this controller");
        }
        if (requested.leaderEpoch() < known.leaderEpoch()) {
            throw new RefusedException(ErrorCode.FENCED_LEADER_EPOCH, "another epoch has begun");
        }
        if (sender != known.leader()) {
            throw new RefusedException(ErrorCode.INVALID_REQUEST, "the sender does not lead the partition");
        }
        if (requested.partitionEpoch() < known.partitionEpoch()) {
            throw new RefusedException(ErrorCode.INVALID_UPDATE_VERSION, "the partition has changed meanwhile");
        }
        checkMembers(image, known, requested);
    }

    private void checkMembers(MetadataImage image, PartitionImage known, Partition requested) {
        var members = members(requested);
        var ids = new TreeSet<>(members.stream().map(BrokerState::brokerId).toList());
        if (ids.size() < members.size()
                || !known.replicas().containsAll(ids)
                || !ids.contains(known.leader())
                || requested.leaderRecoveryState() != RECOVERED) {
            throw new RefusedException(
                    ErrorCode.INVALID_REQUEST,
                    "ISR " + ids + " refused: expected the leader " + known.leader() + " and others of the replicas "
                            + known.replicas());
        }
        for (var member : members) {
            if (!isEligible(image, member)) {
                throw new RefusedException(
                        ErrorCode.INELIGIBLE_REPLICA, "broker " + member.brokerId() + " cannot be in sync now");
            }
        }
    }

    private boolean isEligible(MetadataImage image, BrokerState member) {
        return elections.canLead(image, member.brokerId())
                && image.broker(member.brokerId())
                        .filter(broker -> member.brokerEpoch() == ANY_EPOCH || member.brokerEpoch() == broker.epoch())
                        .isPresent();
    }
}
