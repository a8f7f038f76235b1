package io.thalweg.simulation.sdk;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.TopicPartition;
import io.thalweg.simulation.check.Journal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What applications sent, what they were told of it and what they read. Owned by the scheduler. */
final class SdkLedger {

    private final Journal journal;
    private final Map<String, RecordMetadata> acknowledged = new LinkedHashMap<>();
    private final Map<TopicPartition, List<String>> delivered = new HashMap<>();
    private final Map<TopicPartition, List<String>> logs = new HashMap<>();

    SdkLedger(Journal journal) {
        this.journal = journal;
    }

    Journal journal() {
        return journal;
    }

    int acknowledgedCount() {
        return acknowledged.size();
    }

    /** A record, each of which has a value of its own, is said to be written. */
    void acknowledged(String value, RecordMetadata written) {
        acknowledged.put(value, written);
    }

    /** I28: a member of the group was given a record. Nothing before it may be left out, though everything may come again. */
    void delivered(String member, ConsumerRecord<?, String> record) {
        take("I28", member, delivered.computeIfAbsent(record.partition(), first -> new ArrayList<>()), record);
    }

    /** Somebody who reads from the beginning was given a record. */
    void read(ConsumerRecord<?, String> record) {
        take("I07", "the last reader", logs.computeIfAbsent(record.partition(), first -> new ArrayList<>()), record);
    }

    private void take(String invariant, String reader, List<String> known, ConsumerRecord<?, String> record) {
        var value = String.valueOf(record.value());
        if (record.offset() > known.size()) {
            journal.violated(invariant, reader + " was given " + record + ", and nobody offset " + known.size());
        } else if (record.offset() == known.size()) {
            known.add(value);
        } else if (!known.get((int) record.offset()).equals(value)) {
            journal.violated(
                    "I07", reader + " was given " + record + "; others read " + known.get((int) record.offset()));
        }
    }

    /** Whether all that the last reader has read was delivered to the group. */
    boolean isAllDelivered() {
        return logs.entrySet().stream()
                .allMatch(log -> delivered.getOrDefault(log.getKey(), List.of()).size()
                        >= log.getValue().size());
    }

    /** Whether the last reader has come to all that was acknowledged. */
    boolean isAllRead() {
        return acknowledged.values().stream()
                .allMatch(written -> written.offset()
                        < logs.getOrDefault(written.partition(), List.of()).size());
    }

    /** Checks what can only be seen at the end. */
    void check() {
        logs.forEach((partition, values) -> {
            checkOrder(partition, values);
            var read = delivered.getOrDefault(partition, List.of());
            if (!values.subList(0, Math.min(values.size(), read.size()))
                    .equals(read.subList(0, Math.min(values.size(), read.size())))) {
                journal.violated("I07", "the group read other records of " + partition + " than a reader");
            }
        });
        acknowledged.forEach((value, written) -> {
            var log = logs.getOrDefault(written.partition(), List.of());
            var isThere = written.hasOffset()
                    ? written.offset() < log.size()
                            && log.get((int) written.offset()).equals(value)
                    : log.contains(value);
            if (!isThere) {
                journal.violated("I13", value + " was acknowledged as " + written + " and is not there");
            }
        });
    }

    /** I15: each producer's records are in the order in which they were sent, each once. */
    private void checkOrder(TopicPartition partition, List<String> values) {
        var seen = new HashSet<String>();
        var last = new HashMap<String, Long>();
        for (var value : values) {
            var name = value.substring(0, value.indexOf('/'));
            var serial = Long.parseLong(value.substring(name.length() + 1));
            if (!seen.add(value)) {
                journal.violated("I15", value + " is twice in " + partition);
            }
            var before = last.put(name, serial);
            if (before != null && before >= serial) {
                journal.violated("I15", value + " lies behind " + name + "/" + before + " in " + partition);
            }
        }
    }
}
