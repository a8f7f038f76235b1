package io.thalweg.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets offsets that nobody has wanted for long, and groups that have neither members nor offsets. Owned by the coordinator's event
 * loop.
 */
final class OffsetExpiry {

    private static final Logger log = LoggerFactory.getLogger(OffsetExpiry.class);

    private final Parts parts;

    OffsetExpiry(Parts parts) {
        this.parts = parts;
    }

    /** Looks now, and again and again. */
    void repeat() {
        parts.alarms().afterMillis(parts.config().offsets().checkInterval().toMillis(), () -> {
            expire();
            repeat();
        });
    }

    private void expire() {
        var records = new ArrayList<GroupRecord>();
        for (var group : parts.groups().all()) {
            expire(group, records);
        }
        if (!records.isEmpty()) {
            log.info("{} expired offsets and groups are forgotten", records.size());
            parts.writes().appendInBatches(records);
        }
    }

    private void expire(Group group, List<GroupRecord> records) {
        var keptCount = 0;
        for (var topic : parts.offsets().topics(group.id()).entrySet()) {
            for (var each : topic.getValue().entrySet()) {
                if (isExpired(group, topic.getKey(), each.getValue())) {
                    records.add(Removals.tombstone(group.id(), topic.getKey(), each.getKey()));
                } else {
                    keptCount++;
                }
            }
        }
        if (keptCount == 0 && group.isWithoutAnyone()) {
            records.addAll(Removals.tombstones(group));
        }
    }

    private boolean isExpired(Group group, String topic, CommittedOffset offset) {
        if (group instanceof ConsumerGroup consumers) {
            return !consumers.topics().contains(topic) && isExpired(offset, offset.commitMillis());
        }
        return group instanceof ClassicGroup classic && isExpired(classic, topic, offset);
    }

    private boolean isExpired(ClassicGroup group, String topic, CommittedOffset offset) {
        if (group.protocolType() == null) {
            return isExpired(offset, offset.commitMillis());
        }
        if (group.is(GroupState.EMPTY)) {
            return isExpired(offset, Math.max(group.stateMillis(), offset.commitMillis()));
        }
        var isUnsubscribed = group.is(GroupState.STABLE)
                && Subscriptions.of(group)
                        .map(topics -> !topics.contains(topic))
                        .orElse(false);
        return isUnsubscribed && isExpired(offset, offset.commitMillis());
    }

    private boolean isExpired(CommittedOffset offset, long sinceMillis) {
        var nowMillis = parts.clock().millis();
        return offset.expireMillis() == -1
                ? nowMillis - sinceMillis
                        >= parts.config().offsets().retention().toMillis()
                : nowMillis >= offset.expireMillis();
    }
}
