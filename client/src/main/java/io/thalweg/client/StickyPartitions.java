package io.thalweg.client;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses partitions for records without a key: one partition until its batch is full, then the next. Any thread may call; when several
 * do at once, a turn may be skipped, which does no harm.
 */
final class StickyPartitions {

    private final Map<String, Turn> turns = new ConcurrentHashMap<>();

    int current(String topic, int partitionsCount) {
        var turn = turns.computeIfAbsent(topic, key -> new Turn());
        return Math.floorMod(turn.number.get(), partitionsCount);
    }

    void added(String topic, RecordAccumulator.Added added) {
        var turn = turns.get(topic);
        if (turn == null || added == RecordAccumulator.Added.QUIETLY) {
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
        private final AtomicInteger number = new AtomicInteger();
        private volatile boolean hasBatch;
    }
}
