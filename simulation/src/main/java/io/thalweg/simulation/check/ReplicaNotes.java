package io.thalweg.simulation.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What one node's log of a partition holds, as far as that was asked of the storage. Owned by the scheduler. */
final class ReplicaNotes {

    private final TreeMap<Long, BatchNote> batches = new TreeMap<>();
    private LongSupplier durable = () -> 0;
    /** What was durable in an earlier life is, though an engine that has just opened the log may know less. */
    private long durableFloor;

    private int cutsUnderWay;

    /** The log was opened and holds this. */
    void opened(Collection<BatchNote> found, LongSupplier durableEnd) {
        batches.clear();
        found.forEach(this::add);
        durable = durableEnd;
        cutsUnderWay = 0;
    }

    void add(BatchNote note) {
        batches.put(note.baseOffset(), note);
    }

    void cutBegan(long endOffset) {
        cutsUnderWay++;
        durableFloor = Math.min(durableFloor, endOffset);
        batches.values().removeIf(note -> note.lastOffset() >= endOffset);
    }

    void cutEnded() {
        cutsUnderWay--;
    }

    void startMoved(long startOffset) {
        batches.values().removeIf(note -> note.lastOffset() < startOffset);
    }

    /** The process died, and with the power what was not durable. */
    void died(boolean isPowerLost) {
        durableFloor = durableEnd();
        durable = () -> 0;
        if (isPowerLost) {
            batches.values().removeIf(note -> note.lastOffset() >= durableFloor);
        }
    }

    /** The log is gone; what was durable in it was. */
    void deleted() {
        durableFloor = durableEnd();
        durable = () -> 0;
    }

    boolean isBeingCut() {
        return cutsUnderWay > 0;
    }

    /** Whether it holds this durably. */
    boolean holdsDurably(BatchNote note) {
        return durableEnd() > note.lastOffset() && holds(note);
    }

    boolean holds(BatchNote note) {
        var held = batches.get(note.baseOffset());
        return held != null && held.holdsTheSameAs(note);
    }

    @Nullable BatchNote at(long baseOffset) {
        return batches.get(baseOffset);
    }

    List<BatchNote> all() {
        return new ArrayList<>(batches.values());
    }

    long durableEnd() {
        return Math.max(durableFloor, durable.getAsLong());
    }
}
