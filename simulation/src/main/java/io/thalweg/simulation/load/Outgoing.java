package io.thalweg.simulation.load;

import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;

/** A batch of a writer that is not written yet, as far as the writer knows. Owned by the scheduler. */
final class Outgoing {

    private static final int MOST_BYTES = 4096;

    private final Producer producer;
    private final long serial;
    private final List<String> texts;
    private int sequence;
    private ByteBuffer bytes;
    private boolean isInFlight;

    /**
     * Who writes it.
     *
     * @param id -1 for a producer that is not idempotent
     */
    record Producer(long id, short epoch) {}

    /** One with a record for each text. */
    Outgoing(Producer producer, int sequence, long serial, List<String> texts) {
        this.producer = producer;
        this.serial = serial;
        this.texts = List.copyOf(texts);
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
            next += batch.texts.size();
        }
        return next;
    }

    private ByteBuffer build() {
        var builder = new RecordBatchBuilder(MOST_BYTES);
        if (producer.id >= 0) {
            builder.producer(producer.id, producer.epoch, sequence);
        }
        texts.forEach(text -> builder.append(serial, null, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
        return builder.build();
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

    boolean isInFlight() {
        return isInFlight;
    }

    void setInFlight(boolean isInFlight) {
        this.isInFlight = isInFlight;
    }
}
