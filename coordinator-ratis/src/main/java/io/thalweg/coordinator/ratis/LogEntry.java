package io.thalweg.coordinator.ratis;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One committed entry.
 *
 * @param offset its index in the Raft log
 * @param term the one it was appended in
 * @param records read-only
 */
record LogEntry(long offset, long term, List<ByteBuffer> records) {

    LogEntry {
        records = List.copyOf(records);
    }

    /** What it takes in memory and on the wire, about. */
    long bytes() {
        return records.stream()
                .mapToLong(record -> Integer.BYTES + record.remaining())
                .sum();
    }
}
