package io.thalweg.client;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Chooses partitions for records without a key: one partition until its batch is full, then the next; the first by chance, so that
 * producers of few records do not all write to the same. Any thread may call; when several do at once, a turn may be skipped, which does
 * no harm.
 */
final class StickyPartitions {

    private final Map<String, Turn> turns = new ConcurrentHashMap<>();
    private final RandomGenerator random;

    /**
     * Nothing chosen yet.
     *
     * @param random any thread may use it
     */
    StickyPartitions(RandomGenerator random) {
        this.random = random;
    }

    /** One of the partitions. */
    int current(String topic, List<Integer> partitions) {
        var known = turns.get(topic);
        var turn = known != null
                ? known
                : turns.computeIfAbsent(topic, key -> new Turn(random.nextInt(partitions.size())));
        return partitions.get(Math.floorMod(turn.number.get(), partitions.size()));
    }

    void added(String topic, RecordAccumulator.Added added) {
        var turn = added == RecordAccumulator.Added.QUIETLY ? null : turns.get(topic);
        if (turn == null) {
            return;
        }
        var isSecondBatch = added == RecordAccumulator.Added.NEW_BATCH && turn.hasBatch;
        if (added == RecordAccumulator.Added.FULL_BATCH || isSecondBatch) {
            turn.hasBatch = false;
            turn.number.incrementAndGet();
        } else {
            turn.hasBatch = true;
        }
    }

    private static final class Turn {
        private final AtomicInteger number;
        private volatile boolean hasBatch;

        Turn(int first) {
            number = new AtomicInteger(first);
        }
    }
}
