package io.thalweg.simulation.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What one node's log of a partition holds, as far as that was asked of the storage. Owned by the scheduler. */
final class ReplicaNotes {

    private final TreeMap<Long, BatchNote> batches = new TreeMap<>();
    /** The records of those, where they may be compacted. */
    private final HeldRecords records = new HeldRecords();

    /** What the last cut was to take away. */
    private final List<BatchNote> cut = new ArrayList<>();

    private LongSupplier durable = () -> 0;
    /** What was durable in an earlier life is, though an engine that has just opened the log may know less. */
    private long durableFloor;

    private long startOffset;
    private int cutsUnderWay;
    private boolean isLossy;
    private boolean isSuspect;

    /** The batch that is damaged here, and believed to be what it was; both the same for none. */
    private long damagedFrom;

    private long damagedTo;

    /** The log was opened and holds this. */
    void opened(Collection<BatchNote> found, long start, LongSupplier durableEnd) {
        startOffset = start;
        batches.clear();
        records.clear();
        found.forEach(this::add);
        durable = durableEnd;
        cutsUnderWay = 0;
        cut.clear();
    }

    void add(BatchNote note) {
        batches.put(note.baseOffset(), note);
        records.add(note);
    }

    /** The offsets of a batch are damaged here. */
    void damaged(long from, long to) {
        damagedFrom = from;
        damagedTo = to;
    }

    boolean isDamaged() {
        return damagedFrom < damagedTo;
    }

    boolean isDamagedAt(BatchNote note) {
        return note.baseOffset() < damagedTo && note.lastOffset() >= damagedFrom;
    }

    OptionalLong endOfDamage() {
        return isDamaged() ? OptionalLong.of(damagedTo) : OptionalLong.empty();
    }

    void cutBegan(long endOffset) {
        damagedTo = Math.min(damagedTo, endOffset);
        cutsUnderWay++;
        durableFloor = Math.min(durableEnd(), endOffset);
        cut.clear();
        batches.values().stream().filter(note -> note.lastOffset() >= endOffset).forEach(cut::add);
        batches.values().removeAll(cut);
        cut.forEach(records::remove);
    }

    void cutEnded() {
        cutsUnderWay--;
        cut.clear();
    }

    /** What lies below the end of the log is there yet; a restart may find it cut all the same, so it stays under way. */
    void cutFailed(long endOffset) {
        cut.stream().filter(note -> note.lastOffset() < endOffset).forEach(this::add);
        cut.clear();
    }

    void startMoved(long offset) {
        startOffset = Math.max(startOffset, offset);
        batches.values().removeIf(note -> note.lastOffset() < offset);
    }

    long startOffset() {
        return startOffset;
    }

    /** Whether everything below the offset was made durable here, though it may be gone since. */
    boolean hasPassed(long offset) {
        return Math.max(durableEnd(), startOffset) >= offset;
    }

    /** The process died, and with the power what was not durable. */
    void died(boolean isPowerLost) {
        isSuspect = true;
        durableFloor = durableEnd();
        durable = () -> 0;
        if (isPowerLost) {
            var lost = batches.values().stream()
                    .filter(note -> note.lastOffset() >= durableFloor)
                    .toList();
            batches.values().removeAll(lost);
            lost.forEach(records::remove);
        }
    }

    /** The machine lost its power, and anything of what it had been left to write may be lost; gives what it had. */
    ReplicaNotes diedUnsynced() {
        var before = new ReplicaNotes();
        batches.values().forEach(before::add);
        before.durableFloor = durableEnd();
        durableFloor = 0;
        durable = () -> 0;
        batches.clear();
        records.clear();
        isLossy = true;
        isSuspect = true;
        return before;
    }

    /** Whether what it lost may be what it is believed to have. */
    boolean isLossy() {
        return isLossy;
    }

    /** Whether it has died, so that nobody can know what it lost, and is believed to have what it had. */
    boolean isSuspect() {
        return isSuspect;
    }

    /** It has registered anew: from now on it is not believed to have anything but what it is seen to have. */
    void distrusted() {
        isLossy = false;
        isSuspect = false;
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
        if (note.isCompacted()) {
            // Of a record that is gone, the later one may be damaged.
            return isDamaged() || note.records().stream().allMatch(record -> records.accountsFor(record, durableEnd()));
        }
        var held = batches.get(note.baseOffset());
        return isDamagedAt(note) || (held != null && held.holdsTheSameAs(note));
    }

    @Nullable BatchNote at(long baseOffset) {
        return batches.get(baseOffset);
    }

    /** What the records come to that lie here, where they may be compacted. */
    Map<String, RecordNote> latest() {
        return records.latest();
    }

    List<BatchNote> all() {
        return new ArrayList<>(batches.values());
    }

    long durableEnd() {
        return Math.max(durableFloor, durable.getAsLong());
    }
}
