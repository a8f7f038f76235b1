package io.thalweg.simulation.check;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Records by key and offset, and whether compaction may have come from what there was to them: whatever is missing has a later record
 * of its key (I32). Owned by the scheduler.
 */
final class HeldRecords {

    private final Map<String, TreeMap<Long, RecordNote>> byKey = new HashMap<>();
    private final TreeMap<Long, RecordNote> byOffset = new TreeMap<>();

    void add(BatchNote batch) {
        batch.records().forEach(this::add);
    }

    private void add(RecordNote record) {
        byOffset.put(record.offset(), record);
        byKey.computeIfAbsent(record.key(), key -> new TreeMap<>()).put(record.offset(), record);
    }

    void remove(BatchNote batch) {
        for (var record : batch.records()) {
            byOffset.remove(record.offset());
            var others = byKey.get(record.key());
            if (others != null) {
                others.remove(record.offset());
            }
        }
    }

    void clear() {
        byKey.clear();
        byOffset.clear();
    }

    @Nullable RecordNote at(long offset) {
        return byOffset.get(offset);
    }

    /** The records from one offset on and below another. */
    Iterable<RecordNote> between(long from, long to) {
        return from < to
                ? byOffset.subMap(from, to).values()
                : Map.<Long, RecordNote>of().values();
    }

    /**
     * Whether a record is here, or may have gone for a later one below an offset.
     *
     * <p>A tombstone may go by itself in time, but not before what it deletes.
     */
    boolean accountsFor(RecordNote record, long below) {
        var here = byOffset.get(record.offset());
        if (here != null) {
            return here.equals(record);
        }
        var same = byKey.getOrDefault(record.key(), new TreeMap<>());
        var later = same.higherKey(record.offset());
        return (later != null && later < below) || (record.value() == null && same.lowerKey(record.offset()) == null);
    }

    boolean hasLater(RecordNote record) {
        return byKey.getOrDefault(record.key(), new TreeMap<>()).higherKey(record.offset()) != null;
    }

    /** What the records come to: the last value of each key that is not deleted. */
    Map<String, RecordNote> latest() {
        var latest = new HashMap<String, RecordNote>();
        byKey.forEach((key, records) -> {
            var last = records.lastEntry();
            if (last != null && last.getValue().value() != null) {
                latest.put(key, last.getValue());
            }
        });
        return latest;
    }
}
