package io.thalweg.cli;

import io.thalweg.api.GroupDescription;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Works out where the offsets of a group go, within what each partition holds. */
final class OffsetReset {

    private final ClientSession session;
    private final GroupDescription group;

    OffsetReset(ClientSession session, GroupDescription group) {
        this.session = session;
        this.group = group;
    }

    /**
     * One partition.
     *
     * @param before null if nothing was committed
     */
    record Move(TopicPartition partition, @Nullable Long before, long after) {}

    /** The moves of the partitions of these topics. */
    List<Move> plan(List<String> topics, OffsetTarget target, Instant now) {
        var wanted = new LinkedHashMap<TopicPartition, StartPosition>();
        for (var topic : topics) {
            for (var partition : session.await(session.client().partitions(topic))) {
                var position = target.position(group.committed().get(partition), now);
                if (position != null) {
                    wanted.put(partition, position);
                }
            }
        }
        return bounded(session.await(session.client().offsets(wanted)));
    }

    private List<Move> bounded(Map<TopicPartition, Long> wanted) {
        var starts = session.await(session.client().offsets(allAt(wanted, StartPosition.BEGINNING)));
        var ends = session.await(session.client().offsets(allAt(wanted, StartPosition.END)));
        var sorted = new TreeMap<TopicPartition, Long>(GroupLag.ORDER);
        sorted.putAll(wanted);
        return sorted.entrySet().stream()
                .map(each -> {
                    var partition = each.getKey();
                    var after = Math.max(
                            starts.getOrDefault(partition, 0L),
                            Math.min(ends.getOrDefault(partition, Long.MAX_VALUE), each.getValue()));
                    return new Move(partition, group.committed().get(partition), after);
                })
                .toList();
    }

    private static Map<TopicPartition, StartPosition> allAt(
            Map<TopicPartition, Long> partitions, StartPosition position) {
        var all = new LinkedHashMap<TopicPartition, StartPosition>();
        partitions.keySet().forEach(partition -> all.put(partition, position));
        return all;
    }
}
