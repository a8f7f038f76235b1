package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.OffsetCommitValue;
import io.thalweg.protocol.Message;
import java.util.UUID;

/**
 * How far a group has come in one partition.
 *
 * @param leaderEpoch of the last record consumed, -1 if not known
 * @param metadata the client's own text
 * @param commitMillis when it was committed, epoch milliseconds
 * @param expireMillis when it expires whatever the group does, -1 if the broker's retention decides
 * @param topicId the topic, all zeros if not known
 */
record CommittedOffset(
        long offset, int leaderEpoch, String metadata, long commitMillis, long expireMillis, UUID topicId) {

    static CommittedOffset of(OffsetCommitValue value) {
        return new CommittedOffset(
                value.offset(),
                value.leaderEpoch(),
                value.metadata(),
                value.commitTimestamp(),
                value.expireTimestamp(),
                value.topicId());
    }

    OffsetCommitValue toValue() {
        return new OffsetCommitValue(offset, leaderEpoch, metadata, commitMillis, expireMillis, topicId);
    }

    /** Whether it is of this incarnation of the topic, as far as is known. */
    boolean isOf(UUID topic) {
        return topicId.equals(topic) || topicId.equals(Message.ZERO_UUID) || topic.equals(Message.ZERO_UUID);
    }
}
