package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.record.RecordHeader;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that a {@link KeyedProcessing} has under way, with its bytes, so that it may become a dead letter as it was. Under its lock. */
final class HandledRecord {

    private final InboundRecord record;
    private final OffsetProgress progress;
    private final OffsetProgress.Entry entry;
    private int attemptsCount;

    HandledRecord(InboundRecord record, OffsetProgress progress) {
        this.record = record;
        this.progress = progress;
        this.entry = progress.add(record.offset());
    }

    /** For a handler, which may change what it gets. */
    InboundRecord copy() {
        return new InboundRecord(
                record.partition(),
                record.offset(),
                record.timestamp(),
                copy(record.key()),
                copy(record.value()),
                record.headers());
    }

    private static byte @Nullable [] copy(byte @Nullable [] bytes) {
        return bytes == null ? null : bytes.clone();
    }

    /** What records share that must not be handled side by side; a record without a key shares with none. */
    Object lane() {
        var key = record.key();
        return key == null ? this : new KeyOfPartition(record.partition(), ByteBuffer.wrap(key));
    }

    private record KeyOfPartition(TopicPartition partition, ByteBuffer key) {}

    InboundRecord record() {
        return record;
    }

    OffsetProgress progress() {
        return progress;
    }

    void done() {
        progress.done(entry);
    }

    int attempt() {
        return ++attemptsCount;
    }

    int attemptsCount() {
        return attemptsCount;
    }

    List<RecordHeader> headers() {
        return record.headers();
    }
}
