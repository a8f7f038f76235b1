package io.thalweg.coordinator.ratis;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The state below an offset.
 *
 * @param term the one of the last entry it covers
 * @param records read-only
 */
record Snapshot(long endOffset, long term, List<ByteBuffer> records) {

    Snapshot {
        records = List.copyOf(records);
    }
}
