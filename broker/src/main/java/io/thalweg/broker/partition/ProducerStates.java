package io.thalweg.broker.partition;

import io.thalweg.broker.partition.ProducerEntry.Sequenced;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The idempotent producers of one partition and their transactions: tells fresh batches from duplicates and gaps (KIP-98). Owned by the
 * shard.
 *
 * <p>Changes are tentative until {@link #keep}: batches of one ring turn are checked against each other before the log has them, and
 * {@link #undo} takes them back if the log refuses.
 */
final class ProducerStates {

    private final Map<Long, ProducerEntry> entries = new LinkedHashMap<>();
    /** What the producers changed since the last keep were before; null values were unknown. */
    private final Map<Long, Optional<ProducerEntry>> before = new LinkedHashMap<>();

    private final Transactions transactions = new Transactions();

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

    /**
     * Judges a batch that names a producer.
     *
     * @param isBehindRefused whether one before it was refused; asked for producers that are not known
     */
    Verdict check(RecordBatch batch, BooleanSupplier isBehindRefused) {
        var entry = entries.get(batch.producerId());
        if (entry == null) {
            // Its records may have been deleted, so any sequence is taken.
            return isBehindRefused.getAsBoolean()
                    ? outOfOrder(batch, "one before it, which was refused")
                    : Verdict.Fresh.FRESH;
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

    /** Notes a batch whose offsets are assigned, if it names a producer. */
    void note(RecordBatch batch) {
        if (batch.isControl()) {
            TransactionMarker.in(batch)
                    .ifPresent(marker -> transactions.ended(
                            batch.producerId(), batch.lastOffset(), marker == TransactionMarker.ABORT));
        } else if (batch.hasProducerId()) {
            noteRecords(batch);
        }
    }

    private void noteRecords(RecordBatch batch) {
        var id = batch.producerId();
        if (batch.isTransactional()) {
            transactions.wrote(id, batch.baseOffset());
        }
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
        transactions.keep();
        before.clear();
    }

    /** The log does not have what was noted since the last keep. */
    void undo() {
        transactions.undo();
        before.forEach((id, entry) -> entry.ifPresentOrElse(known -> entries.put(id, known), () -> entries.remove(id)));
        before.clear();
    }

    /** Puts back what checkpoints held. */
    void restore(ProducerCheckpoint.Content content, AbortedTransactions aborted) {
        entries.putAll(content.producers());
        transactions.restore(content.transactionStarts(), aborted);
    }

    /** Forgets producers without an open transaction whose last batch is older than the given time, epoch milliseconds. */
    void expire(long olderThanMillis) {
        entries.entrySet()
                .removeIf(each ->
                        each.getValue().last().timestamp() < olderThanMillis && !transactions.isOpen(each.getKey()));
    }

    Transactions transactions() {
        return transactions;
    }

    @Nullable ProducerEntry entry(long producerId) {
        return entries.get(producerId);
    }

    /** What is remembered of all producers that the log has batches of. */
    List<ActiveProducer> active() {
        var active = new ArrayList<ActiveProducer>();
        entries.forEach((id, entry) -> {
            var last = entry.last();
            active.add(new ActiveProducer(
                    id,
                    entry.producerEpoch(),
                    last.lastSequence(),
                    last.timestamp(),
                    transactions.starts().getOrDefault(id, -1L)));
        });
        return active;
    }

    /** All producers in the order they were first seen. */
    Map<Long, ProducerEntry> entries() {
        return entries;
    }
}
