package io.thalweg.coordinator.group;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A consumer group as it will be once the records that are being decided are written. Confined to one decision.
 *
 * <p>What is decided later in a request builds on what was decided before; the group itself changes with the records, all together.
 */
final class Draft {

    private final List<GroupRecord> records = new ArrayList<>();
    private ConsumerGroup group;
    private boolean isCopy;
    private @Nullable ClassicGroup replaced;

    Draft(ConsumerGroup group) {
        this.group = group;
    }

    ConsumerGroup group() {
        return group;
    }

    List<GroupRecord> records() {
        return records;
    }

    void add(GroupRecord record) {
        if (!isCopy) {
            group = group.copy();
            isCopy = true;
        }
        ConsumerGroupRecords.replay(group, record);
        records.add(record);
    }

    /** The group comes in the place of a classic one, whose members wait to hear of it. */
    void replaces(ClassicGroup classic) {
        replaced = classic;
    }

    @Nullable ClassicGroup replaced() {
        return replaced;
    }

    /** Writes a record of another kind along. */
    void addForeign(GroupRecord record) {
        records.add(record);
    }
}
