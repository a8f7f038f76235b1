package io.thalweg.broker.partition;

import io.thalweg.broker.partition.ProducerEntry.Sequenced;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition: tells fresh batches from duplicates and gaps (KIP-98). Owned by the shard.
 *
 * <p>Changes are tentative until {@link #keep}: batches of one ring turn are checked against each other before the log has them, and
 * {@link #undo} takes them back if the log refuses.
 */
final class ProducerStates {

    private final Map<Long, ProducerEntry> entries = new LinkedHashMap<>();
    /** What the producers changed since the last keep were before; null values were unknown. */
    private final Map<Long, Optional<ProducerEntry>> before = new LinkedHashMap<>();

    /** What is to be done with a batch. */
    sealed interface Verdict {

        /** Append it. */
        record Fresh() implements Verdict {
            static final Fresh FRESH = new Fresh();
        }

        /** It is in the log already. */
        record Duplicate(Sequenced batch) implements Verdict {}

        /** It must not be appended. */
        record Refused(ErrorCode error, String reason) implements Verdict {}
    }

    /** Judges a batch that names a producer. */
    Verdict check(RecordBatch batch) {
        var entry = entries.get(batch.producerId());
        if (entry == null) {
            // Its records may have been deleted, so any sequence is taken.
            return Verdict.Fresh.FRESH;
        }
        if (batch.producerEpoch() < entry.producerEpoch()) {
            return new Verdict.Refused(
                    ErrorCode.INVALID_PRODUCER_EPOCH,
                    "producer " + batch.producerId() + " at epoch " + batch.producerEpoch()
                            + " is fenced: the partition has seen epoch " + entry.producerEpoch());
        }
        if (batch.producerEpoch() > entry.producerEpoch()) {
            return batch.baseSequence() == 0
                    ? Verdict.Fresh.FRESH
                    : outOfOrder(batch, "0, the first of epoch " + batch.producerEpoch());
        }
        return checkSequence(batch, entry);
    }

    private static Verdict checkSequence(RecordBatch batch, ProducerEntry entry) {
        var known = entry.find(batch.baseSequence(), batch.lastSequence());
        if (known != null) {
            return new Verdict.Duplicate(known);
        }
        var expected = following(entry.last().lastSequence());
        if (batch.baseSequence() == expected) {
            return Verdict.Fresh.FRESH;
        }
        // A sequence from before is not taken for a duplicate: that it comes late does not mean that it was ever
        // written.
        return outOfOrder(batch, Integer.toString(expected));
    }

    private static Verdict outOfOrder(RecordBatch batch, String expected) {
        return new Verdict.Refused(
                ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER,
                "sequence " + batch.baseSequence() + " of producer " + batch.producerId()
                        + " is out of order: expected " + expected);
    }

    /** The sequence after this one; after the greatest comes 0. */
    static int following(int sequence) {
        return sequence == Integer.MAX_VALUE ? 0 : sequence + 1;
    }

    /** Notes a batch whose offsets are assigned. */
    void note(RecordBatch batch) {
        var id = batch.producerId();
        var entry = entries.get(id);
        before.putIfAbsent(id, Optional.ofNullable(entry));
        var sequenced = new Sequenced(
                batch.baseSequence(),
                batch.lastSequence(),
                batch.baseOffset(),
                batch.lastOffset(),
                batch.maxTimestamp());
        entries.put(id, ProducerEntry.after(entry, batch.producerEpoch(), sequenced));
    }

    /** The log has what was noted. */
    void keep() {
        before.clear();
    }

    /** The log does not have what was noted since the last keep. */
    void undo() {
        before.forEach((id, entry) -> entry.ifPresentOrElse(known -> entries.put(id, known), () -> entries.remove(id)));
        before.clear();
    }

    /** Puts back what a checkpoint held. */
    void restore(long producerId, ProducerEntry entry) {
        entries.put(producerId, entry);
    }

    /** Forgets producers whose last batch is older than the given time, epoch milliseconds. */
    void expire(long olderThanMillis) {
        entries.values().removeIf(entry -> entry.last().timestamp() < olderThanMillis);
    }

    @Nullable ProducerEntry entry(long producerId) {
        return entries.get(producerId);
    }

    /** What is remembered of all producers that the log has batches of. */
    List<ActiveProducer> active() {
        var active = new ArrayList<ActiveProducer>();
        entries.forEach((id, entry) -> {
            var last = entry.last();
            active.add(new ActiveProducer(id, entry.producerEpoch(), last.lastSequence(), last.timestamp()));
        });
        return active;
    }

    /** All producers in the order they were first seen. */
    Map<Long, ProducerEntry> entries() {
        return entries;
    }
}
