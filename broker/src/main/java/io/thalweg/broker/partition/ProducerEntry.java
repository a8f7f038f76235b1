package io.thalweg.broker.partition;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a partition remembers of one idempotent producer. Immutable.
 *
 * @param producerEpoch the latest epoch that wrote
 * @param batches the last batches of that epoch, oldest first, 1 to {@value #REMEMBERED}; restored ones may be fewer than were written
 */
record ProducerEntry(short producerEpoch, List<Sequenced> batches) {

    /** As many as a producer may have in flight. */
    static final int REMEMBERED = 5;

    /**
     * A batch that was appended.
     *
     * @param timestamp its max timestamp, epoch milliseconds; how long the producer is remembered counts from it
     */
    record Sequenced(int baseSequence, int lastSequence, long baseOffset, long lastOffset, long timestamp) {}

    ProducerEntry {
        batches = List.copyOf(batches);
    }

    Sequenced last() {
        return batches.get(batches.size() - 1);
    }

    /** The remembered batch with exactly these sequences, if it is still remembered. */
    @Nullable Sequenced find(int baseSequence, int lastSequence) {
        for (var batch : batches) {
            if (batch.baseSequence() == baseSequence && batch.lastSequence() == lastSequence) {
                return batch;
            }
        }
        return null;
    }

    /** The entry after one more batch; a new epoch forgets the batches of the old one. */
    static ProducerEntry after(@Nullable ProducerEntry before, short producerEpoch, Sequenced batch) {
        var batches = new ArrayList<Sequenced>(REMEMBERED);
        if (before != null && before.producerEpoch == producerEpoch) {
            var from = Math.max(0, before.batches.size() - (REMEMBERED - 1));
            batches.addAll(before.batches.subList(from, before.batches.size()));
        }
        batches.add(batch);
        return new ProducerEntry(producerEpoch, batches);
    }
}
