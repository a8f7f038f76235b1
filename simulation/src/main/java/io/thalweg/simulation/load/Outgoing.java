package io.thalweg.simulation.load;

import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A batch of a writer that is not written yet, as far as the writer knows. Owned by the scheduler. */
final class Outgoing {

    private static final int MOST_BYTES = 4096;

    private final Producer producer;
    private final long serial;
    private final List<Content> contents;
    private int sequence;
    private ByteBuffer bytes;
    private boolean isInFlight;
    private boolean wasSent;
    private boolean wasRefused;

    /**
     * Who writes it.
     *
     * @param id -1 for a producer that is not idempotent
     */
    record Producer(long id, short epoch) {}

    /** What one record says; one of a key that says nothing deletes. */
    record Content(@Nullable String key, @Nullable String text) {}

    /** One with these records. */
    Outgoing(Producer producer, int sequence, long serial, List<Content> contents) {
        this.producer = producer;
        this.serial = serial;
        this.contents = List.copyOf(contents);
        this.sequence = sequence;
        this.bytes = build();
    }

    /**
     * Numbers batches so that each follows on the one before it, beginning where the first does.
     *
     * @return the sequence behind the last
     */
    static int closeGaps(Collection<Outgoing> batches) {
        var next = batches.iterator().next().sequence;
        for (var batch : batches) {
            if (batch.sequence != next) {
                batch.sequence = next;
                batch.bytes = batch.build();
            }
            next += batch.contents.size();
        }
        return next;
    }

    private ByteBuffer build() {
        var builder = new RecordBatchBuilder(MOST_BYTES);
        if (producer.id >= 0) {
            builder.producer(producer.id, producer.epoch, sequence);
        }
        contents.forEach(content -> builder.append(serial, bytes(content.key), bytes(content.text)));
        return builder.build();
    }

    private static @Nullable ByteBuffer bytes(@Nullable String text) {
        return text == null ? null : ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    int sequence() {
        return sequence;
    }

    long serial() {
        return serial;
    }

    ByteBuffer bytes() {
        return bytes.duplicate();
    }

    void setInFlight(boolean isInFlight) {
        this.isInFlight = isInFlight;
        wasSent |= isInFlight;
    }

    /** It has to be sent again. */
    void refused() {
        wasRefused = true;
    }

    /**
     * Whether it may be sent now, given those that are left: behind one that has to be sent again nothing new, lest a leader forget that
     * one.
     */
    boolean maySend(Collection<Outgoing> left) {
        return !isInFlight && (wasSent || left.stream().noneMatch(each -> each.wasRefused));
    }
}
