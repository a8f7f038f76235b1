package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses what members of consumer groups must not say, in Kafka's words, which its clients show to users. */
final class ConsumerChecks {

    static final int JOIN_EPOCH = 0;
    static final int LEAVE_EPOCH = -1;
    static final int LEAVE_FOR_A_WHILE_EPOCH = MemberProgress.LEFT_FOR_A_WHILE;
    private static final short OWN_ID_VERSION = 1;

    private ConsumerChecks() {}

    /** What is wrong whatever the group is like. */
    static void check(ConsumerGroupHeartbeatRequest request, short version, List<String> assignors) {
        var epoch = request.memberEpoch();
        if ((version >= OWN_ID_VERSION || epoch > JOIN_EPOCH || epoch == LEAVE_EPOCH)) {
            notEmpty(request.memberId(), "MemberId");
        }
        notEmpty(request.groupId(), "GroupId");
        notEmpty(request.instanceId(), "InstanceId");
        notEmpty(request.rackId(), "RackId");
        if (epoch == JOIN_EPOCH) {
            checkJoin(request);
        } else if (epoch == LEAVE_FOR_A_WHILE_EPOCH && request.instanceId() == null) {
            throw invalid("InstanceId can't be null.");
        } else if (epoch < LEAVE_FOR_A_WHILE_EPOCH) {
            throw invalid("MemberEpoch is invalid.");
        }
        var assignor = request.serverAssignor();
        if (assignor != null && !assignors.contains(assignor)) {
            throw new GroupRefusedException(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "ServerAssignor " + assignor + " is not supported. Supported assignors: "
                            + String.join(", ", assignors) + ".");
        }
    }

    private static void checkJoin(ConsumerGroupHeartbeatRequest request) {
        if (request.rebalanceTimeoutMillis() == -1) {
            throw invalid("RebalanceTimeoutMs must be provided in first request.");
        }
        var owned = request.topicPartitions();
        if (owned == null || !owned.isEmpty()) {
            throw invalid("TopicPartitions must be empty when (re-)joining.");
        }
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            throw invalid("Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when (re-)joining.");
        }
    }

    private static void notEmpty(@Nullable String value, String name) {
        if (value != null && value.isBlank()) {
            throw invalid(name + " can't be empty.");
        }
    }

    private static GroupRefusedException invalid(String message) {
        return new GroupRefusedException(ErrorCode.INVALID_REQUEST, message);
    }

    /** There is room for the member. */
    static void checkRoom(ConsumerGroup group, String memberId, int maxSize) {
        if (group.members().size() >= maxSize && (memberId.isEmpty() || group.member(memberId) == null)) {
            throw new GroupRefusedException(
                    ErrorCode.GROUP_MAX_SIZE_REACHED,
                    "The consumer group has reached its maximum capacity of " + maxSize + " members.");
        }
    }

    /** The member of this id. */
    static ConsumerMember member(ConsumerGroup group, String memberId) {
        var member = group.member(memberId);
        if (member == null) {
            throw new GroupRefusedException(
                    ErrorCode.UNKNOWN_MEMBER_ID,
                    "Member " + memberId + " is not a member of group " + group.id() + ".");
        }
        return member;
    }

    /** The static member of this instance, which must have this id. */
    static ConsumerMember staticMember(ConsumerGroup group, String memberId, String instanceId) {
        var member = group.staticMember(instanceId);
        if (member == null) {
            throw new GroupRefusedException(ErrorCode.UNKNOWN_MEMBER_ID, "Instance id " + instanceId + " is unknown.");
        }
        if (!member.id().equals(memberId)) {
            throw new GroupRefusedException(
                    ErrorCode.FENCED_INSTANCE_ID,
                    "Static member " + memberId + " with instance id " + instanceId + " was fenced by member "
                            + member.id() + ".");
        }
        return member;
    }

    /** The place of a static member can be taken. */
    static void checkReleased(ConsumerMember holder, String memberId, String instanceId) {
        if (holder.epoch() != MemberProgress.LEFT_FOR_A_WHILE) {
            throw new GroupRefusedException(
                    ErrorCode.UNRELEASED_INSTANCE_ID,
                    "Static member " + memberId + " with instance id " + instanceId
                            + " cannot join the group because the instance id is owned by " + holder.id()
                            + " member.");
        }
    }

    /** The member speaks of the epoch it is in, or of the one before if it cannot have heard of the new one. */
    static void checkEpoch(ConsumerMember member, int epoch, @Nullable AssignedPartitions owned) {
        if (epoch == JOIN_EPOCH) {
            return;
        }
        if (epoch > member.epoch()) {
            throw fenced("greater", epoch, member);
        }
        var progress = member.progress();
        var isLate = epoch == progress.previousEpoch()
                && owned != null
                && owned.where(progress.assigned()::contains).count() == owned.count();
        if (epoch < member.epoch() && !isLate) {
            throw fenced("smaller", epoch, member);
        }
    }

    private static GroupRefusedException fenced(String what, int epoch, ConsumerMember member) {
        return new GroupRefusedException(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "The consumer group member has a " + what + " member epoch (" + epoch
                        + ") than the one known by the group coordinator (" + member.epoch()
                        + "). The member must abandon all its partitions and rejoin.");
    }
}
