package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentKey;
import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.thalweg.coordinator.group.record.ConsumerGroupMemberMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupMemberMetadataValue;
import io.thalweg.coordinator.group.record.ConsumerGroupMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupMetadataValue;
import io.thalweg.coordinator.group.record.ConsumerGroupRegularExpressionKey;
import io.thalweg.coordinator.group.record.ConsumerGroupRegularExpressionValue;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMemberKey;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMemberValue;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMetadataKey;
import io.thalweg.coordinator.group.record.ConsumerGroupTargetAssignmentMetadataValue;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The records of a consumer group, and what they do to it. */
final class ConsumerGroupRecords {

    private ConsumerGroupRecords() {}

    static GroupRecord epoch(String group, int epoch, long metadataHash) {
        return new GroupRecord(
                new ConsumerGroupMetadataKey(group), new ConsumerGroupMetadataValue(epoch, metadataHash));
    }

    static GroupRecord subscription(String group, String member, MemberSubscription subscription) {
        return new GroupRecord(new ConsumerGroupMemberMetadataKey(group, member), subscription.toValue());
    }

    static GroupRecord targetEpoch(String group, int epoch, long millis) {
        return new GroupRecord(
                new ConsumerGroupTargetAssignmentMetadataKey(group),
                new ConsumerGroupTargetAssignmentMetadataValue(epoch, millis));
    }

    static GroupRecord target(String group, String member, AssignedPartitions target) {
        var topics = target.topics().stream()
                .map(topic -> new ConsumerGroupTargetAssignmentMemberValue.TopicPartitions(
                        topic, List.copyOf(target.of(topic).keySet())))
                .toList();
        return new GroupRecord(
                new ConsumerGroupTargetAssignmentMemberKey(group, member),
                new ConsumerGroupTargetAssignmentMemberValue(topics));
    }

    static GroupRecord progress(String group, String member, MemberProgress progress) {
        return new GroupRecord(new ConsumerGroupCurrentMemberAssignmentKey(group, member), progress.toValue());
    }

    static GroupRecord regex(String group, String regex, ConsumerGroup.ResolvedRegex resolved) {
        return new GroupRecord(
                new ConsumerGroupRegularExpressionKey(group, regex),
                new ConsumerGroupRegularExpressionValue(
                        List.copyOf(resolved.topics()), resolved.version(), resolved.millis()));
    }

    static GroupRecord withoutRegex(String group, String regex) {
        return new GroupRecord(new ConsumerGroupRegularExpressionKey(group, regex), null);
    }

    /** Takes a member back: what it has, what it was to have, and then the member. */
    static List<GroupRecord> withoutMember(String group, String member) {
        return List.of(
                new GroupRecord(new ConsumerGroupCurrentMemberAssignmentKey(group, member), null),
                new GroupRecord(new ConsumerGroupTargetAssignmentMemberKey(group, member), null),
                new GroupRecord(new ConsumerGroupMemberMetadataKey(group, member), null));
    }

    /** Takes the group back, its epoch last. */
    static List<GroupRecord> tombstones(ConsumerGroup group) {
        var records = new ArrayList<GroupRecord>();
        group.members().forEach(member -> records.addAll(withoutMember(group.id(), member.id())));
        records.add(new GroupRecord(new ConsumerGroupTargetAssignmentMetadataKey(group.id()), null));
        group.regexes().keySet().forEach(regex -> records.add(withoutRegex(group.id(), regex)));
        records.add(new GroupRecord(new ConsumerGroupMetadataKey(group.id()), null));
        return records;
    }

    /** Changes the group as the record says, unless that is the end of the group. */
    static void replay(ConsumerGroup group, GroupRecord record) {
        if (record.key() instanceof ConsumerGroupMetadataKey) {
            if (record.value() instanceof ConsumerGroupMetadataValue value) {
                group.setEpoch(value.epoch(), value.metadataHash());
            }
        } else if (record.key() instanceof ConsumerGroupTargetAssignmentMetadataKey) {
            if (record.value() instanceof ConsumerGroupTargetAssignmentMetadataValue value) {
                group.setTargetEpoch(value.assignmentEpoch());
            }
        } else if (record.key() instanceof ConsumerGroupRegularExpressionKey key) {
            replayRegex(group, key, record);
        } else {
            replayMember(group, record);
        }
    }

    private static void replayRegex(ConsumerGroup group, ConsumerGroupRegularExpressionKey key, GroupRecord record) {
        if (record.value() instanceof ConsumerGroupRegularExpressionValue value) {
            group.setRegex(
                    key.regularExpression(),
                    new ConsumerGroup.ResolvedRegex(new TreeSet<>(value.topics()), value.version(), value.timestamp()));
        } else {
            group.removeRegex(key.regularExpression());
        }
    }

    private static void replayMember(ConsumerGroup group, GroupRecord record) {
        if (record.key() instanceof ConsumerGroupMemberMetadataKey key) {
            if (record.value() instanceof ConsumerGroupMemberMetadataValue value) {
                group.setSubscription(key.member(), MemberSubscription.of(value));
            } else {
                group.remove(key.member());
            }
        } else if (record.key() instanceof ConsumerGroupTargetAssignmentMemberKey key) {
            if (record.value() instanceof ConsumerGroupTargetAssignmentMemberValue value) {
                group.setTarget(key.member(), target(value));
            } else {
                group.removeTarget(key.member());
            }
        } else if (record.key() instanceof ConsumerGroupCurrentMemberAssignmentKey key) {
            if (record.value() instanceof ConsumerGroupCurrentMemberAssignmentValue value) {
                group.setProgress(key.member(), MemberProgress.of(value));
            } else {
                group.clearProgress(key.member());
            }
        }
    }

    private static AssignedPartitions target(ConsumerGroupTargetAssignmentMemberValue value) {
        var builder = new AssignedPartitions.Builder();
        value.topicPartitions()
                .forEach(topic -> topic.partitions().forEach(each -> builder.add(topic.topicId(), each, 0)));
        return builder.build();
    }
}
