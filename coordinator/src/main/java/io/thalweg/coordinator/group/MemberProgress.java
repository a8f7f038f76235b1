package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.assign.AssignedPartitions;
import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentValue;
import io.thalweg.coordinator.group.record.ConsumerGroupCurrentMemberAssignmentValue.TopicPartitions;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a member of a consumer group has come.
 *
 * @param epoch the group's epoch it has reached; 0 before the first, {@link #LEFT_FOR_A_WHILE} for a static member that comes back
 * @param previousEpoch the one before, which a member may still name whose last answer was lost
 * @param assigned what it may use
 * @param revoking what it has to give up, and still owns until it says that it has
 */
record MemberProgress(
        int epoch, int previousEpoch, MemberState state, AssignedPartitions assigned, AssignedPartitions revoking) {

    static final int LEFT_FOR_A_WHILE = -2;

    /** That of a member nobody has heard of before. */
    static final MemberProgress NEW =
            new MemberProgress(0, -1, MemberState.STABLE, AssignedPartitions.NONE, AssignedPartitions.NONE);

    MemberProgress to(int nextEpoch, MemberState next, AssignedPartitions given, AssignedPartitions takenBack) {
        return new MemberProgress(nextEpoch, epoch, next, given, takenBack);
    }

    /** That of a static member who comes back, in its former place. */
    MemberProgress rejoined() {
        return new MemberProgress(0, 0, state, assigned, revoking);
    }

    /** That of a static member who will come back. */
    MemberProgress leftForAWhile() {
        return new MemberProgress(LEFT_FOR_A_WHILE, previousEpoch, state, assigned.at(0), AssignedPartitions.NONE);
    }

    boolean isReconciledTo(int targetEpoch) {
        return state == MemberState.STABLE && epoch == targetEpoch;
    }

    static MemberProgress of(ConsumerGroupCurrentMemberAssignmentValue value) {
        return new MemberProgress(
                value.memberEpoch(),
                value.previousMemberEpoch(),
                MemberState.fromCode(value.state()),
                partitions(value.assignedPartitions(), value.memberEpoch()),
                partitions(value.partitionsPendingRevocation(), value.memberEpoch()));
    }

    /** Brokers before 4.3 wrote no epochs; the member's own is then the latest it can have been. */
    private static AssignedPartitions partitions(List<TopicPartitions> topics, int memberEpoch) {
        var builder = new AssignedPartitions.Builder();
        for (var topic : topics) {
            var epochs = topic.assignmentEpochs();
            for (var index = 0; index < topic.partitions().size(); index++) {
                var epoch = epochs == null || index >= epochs.size() ? Integer.valueOf(memberEpoch) : epochs.get(index);
                builder.add(topic.topicId(), topic.partitions().get(index), epoch);
            }
        }
        return builder.build();
    }

    ConsumerGroupCurrentMemberAssignmentValue toValue() {
        return new ConsumerGroupCurrentMemberAssignmentValue(
                epoch, previousEpoch, state.code(), topics(assigned), topics(revoking));
    }

    private static List<TopicPartitions> topics(AssignedPartitions partitions) {
        var topics = new ArrayList<TopicPartitions>();
        for (var topic : partitions.topics()) {
            var epochs = partitions.of(topic);
            topics.add(new TopicPartitions(topic, List.copyOf(epochs.keySet()), List.copyOf(epochs.values())));
        }
        return topics;
    }
}
