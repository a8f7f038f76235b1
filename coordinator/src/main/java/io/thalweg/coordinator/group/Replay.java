package io.thalweg.coordinator.group;

import io.thalweg.coordinator.group.record.ConsumerGroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataKey;
import io.thalweg.coordinator.group.record.GroupMetadataValue;
import io.thalweg.coordinator.group.record.OffsetCommitKey;
import io.thalweg.coordinator.group.record.OffsetCommitValue;
import io.thalweg.spi.runtime.Clock;

/**
 * What records do to offsets and groups, at recovery and as they are written. Owned by the coordinator's event loop.
 *
 * <p>Of a group that lives, its record is only the durable part; so a value replaces a group at recovery and leaves it alone later.
 */
final class Replay {

    private final Groups groups;
    private final OffsetTable offsets;
    private final Clock clock;
    private boolean isRecovering = true;

    Replay(Groups groups, OffsetTable offsets, Clock clock) {
        this.groups = groups;
        this.offsets = offsets;
        this.clock = clock;
    }

    void replay(GroupRecord record) {
        if (record.key() instanceof OffsetCommitKey key) {
            if (record.value() instanceof OffsetCommitValue value) {
                offsets.put(key, CommittedOffset.of(value));
            } else {
                offsets.remove(key);
            }
        } else if (record.key() instanceof GroupMetadataKey key) {
            replayGroup(key.group(), record);
        } else {
            replayConsumerGroup(GroupRecords.consumerGroupOf(record), record);
        }
    }

    private void replayGroup(String groupId, GroupRecord record) {
        if (!(record.value() instanceof GroupMetadataValue value)) {
            if (groups.classic(groupId) != null) {
                groups.remove(groupId, clock.millis());
            }
        } else if (isRecovering) {
            groups.put(GroupMetadata.restore(groupId, value, clock.millis()));
        }
    }

    /** A group of the consumer protocol is what its records say, at recovery as well as later. */
    private void replayConsumerGroup(String groupId, GroupRecord record) {
        var known = groups.consumer(groupId);
        var isEnd = record.value() == null;
        if (known != null) {
            if (isEnd && record.key() instanceof ConsumerGroupMetadataKey) {
                groups.remove(groupId, clock.millis());
            } else {
                ConsumerGroupRecords.replay(known, record);
            }
        } else if (!isEnd) {
            var created = new ConsumerGroup(groupId);
            ConsumerGroupRecords.replay(created, record);
            groups.put(created);
        }
    }

    /** All has been read: whoever has offsets only is a group as well. */
    void recovered() {
        isRecovering = false;
        offsets.groupIds().forEach(id -> groups.findOrCreate(id, clock.millis()));
    }
}
