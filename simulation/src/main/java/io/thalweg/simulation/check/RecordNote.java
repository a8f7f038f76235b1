package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record of a topic that is compacted.
 *
 * @param value null for a tombstone
 */
record RecordNote(long offset, String key, @Nullable String value) {

    /** The records of a batch whose offsets are so much higher than they say. */
    static List<RecordNote> of(RecordBatch batch, long shift) {
        List<RecordNote> records = new ArrayList<>();
        try (var reader = batch.records()) {
            while (reader.hasNext()) {
                var record = reader.next();
                records.add(new RecordNote(
                        record.offset() + shift, String.valueOf(text(record.key())), text(record.value())));
            }
        }
        return records;
    }

    private static @Nullable String text(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }
}
