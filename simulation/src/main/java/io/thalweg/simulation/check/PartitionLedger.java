package io.thalweg.simulation.check;

import io.thalweg.broker.replication.MaximalIsr;
import io.thalweg.coordinator.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongToIntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is known of one partition: what each replica holds, and what clients were told that it holds. Owned by the scheduler. */
final class PartitionLedger {

    private final String name;
    private final Journal journal;
    private final Ledger.Promises promises;
    private final TreeMap<Integer, ReplicaNotes> replicas = new TreeMap<>();
    private final List<ReplicaNotes> gone = new ArrayList<>();
    private final TreeMap<Long, BatchNote> committed = new TreeMap<>();

    /** What each epoch's leader put at an offset. */
    private final Map<Long, Map<Integer, BatchNote>> written = new HashMap<>();

    /** Of a topic that is compacted: what clients were told, and everything that any replica was given. */
    private final HeldRecords committedRecords = new HeldRecords();

    private final HeldRecords writtenRecords = new HeldRecords();
    private final Map<String, RecordNote> committedValues = new HashMap<>();

    private final Map<Long, BatchNote> committedSerials = new HashMap<>();
    private @Nullable PartitionImage image;
    private boolean wasDamaged;
    /** What lies below some leader may have deleted. */
    private long startOffset;

    /** Knows nothing yet. */
    PartitionLedger(String name, Journal journal, Ledger.Promises promises) {
        this.name = name;
        this.journal = journal;
        this.promises = promises;
    }

    ReplicaNotes replica(int node) {
        return replicas.computeIfAbsent(node, id -> new ReplicaNotes());
    }

    /** The node's log was deleted; what is gone counted for acknowledgements that are still on their way. */
    void forget(int node) {
        var notes = replicas.remove(node);
        if (notes != null) {
            notes.deleted();
            gone.add(notes);
        }
    }

    void died(int node, boolean isPowerLost) {
        var notes = replicas.get(node);
        if (notes != null && isPowerLost && !promises.isSynced()) {
            gone.add(notes.diedUnsynced());
        } else if (notes != null) {
            notes.died(isPowerLost);
        }
    }

    /**
     * Whether what was acknowledged outlasts the loss of a node's power. Where it is not synced, one after the other may lose it, and
     * not while another has died: the controller does not know which of the two has lost something. What was given up has nothing that counts.
     */
    boolean canLosePower(int node, int minIsr, Set<Integer> givenUp) {
        var last = image;
        if (promises.isSynced() || last == null) {
            return promises.isSynced();
        }
        var isOtherSuspect = replicas.entrySet().stream()
                .anyMatch(replica ->
                        replica.getKey() != node && replica.getValue().isSuspect());
        return minIsr > 1 && !isOtherSuspect && isAnyOtherKept(last, node, givenUp);
    }

    /** The same for the death of its process alone. */
    boolean canDie(int node) {
        return replicas.entrySet().stream()
                .noneMatch(replica ->
                        replica.getKey() != node && replica.getValue().isLossy());
    }

    boolean isCalled(String log) {
        return name.equals(log);
    }

    /** Whether what was acknowledged outlasts damage here: another that may lead and was not given up is whole, and will be. */
    boolean canBeDamaged(int node, Set<Integer> givenUp) {
        var last = image;
        return last != null
                && !name.startsWith("__")
                && last.replicas().contains(node)
                && !isAnyDamaged()
                && isAnyOtherKept(last, node, givenUp);
    }

    /** Whether another one that may lead is neither given up nor about to be taken away. */
    private static boolean isAnyOtherKept(PartitionImage image, int node, Set<Integer> givenUp) {
        return Stream.concat(image.isr().stream(), image.elr().stream())
                .anyMatch(other -> other != node
                        && !givenUp.contains(other)
                        && !image.reassignment().removing().contains(other));
    }

    private boolean isAnyDamaged() {
        return replicas.values().stream().anyMatch(ReplicaNotes::isDamaged);
    }

    /** Whether a replica may need any other one. */
    boolean isAnyInNeed() {
        return replicas.values().stream().anyMatch(replica -> replica.isDamaged() || replica.isLossy());
    }

    /** F14: a batch of a replica is not what was appended any more. */
    void damaged(int node, long from, long to) {
        replica(node).damaged(from, to);
        wasDamaged = true;
    }

    boolean isDamaged(int node) {
        var notes = replicas.get(node);
        return notes != null && notes.isDamaged();
    }

    boolean wasDamaged() {
        return wasDamaged;
    }

    /** I03, I09: within an epoch there is one leader, and an offset never means something else. */
    void appended(int node, BatchNote note) {
        var before = written.computeIfAbsent(note.baseOffset(), base -> new HashMap<>())
                .putIfAbsent(note.leaderEpoch(), note);
        if (before != null && !before.holdsTheSameAs(note)) {
            journal.violated(
                    "I03", "node " + node + " has " + note + " in " + name + ", where in the same epoch was " + before);
        }
        replica(node).add(note);
        writtenRecords.add(note);
    }

    /** I33: what is deleted was on all replicas in sync before. */
    void startMoved(int node, long offset) {
        replica(node).startMoved(offset);
        var last = image;
        if (last != null) {
            last.isr().stream()
                    .filter(other ->
                            !replica(other).isLossy() && !replica(other).hasPassed(offset))
                    .forEach(other -> journal.violated(
                            "I33",
                            "node " + node + " deletes " + name + " below " + offset + ", and node " + other
                                    + " is durable below " + replica(other).durableEnd()));
        }
        startOffset = Math.max(startOffset, offset);
        committed.headMap(startOffset).values().removeIf(note -> note.lastOffset() < startOffset);
    }

    /** The topic is gone: nothing is promised any more. */
    void deleted() {
        image = null;
        committed.clear();
        committedRecords.clear();
    }

    /** I30: what was durable before a crash is there after it. */
    void reopened(int node, Collection<BatchNote> found, long start) {
        var before = replica(node);
        if (start > before.startOffset() && !before.all().isEmpty() && !before.isBeingCut()) {
            journal.violated(
                    "I30",
                    "node " + node + " has " + name + " from " + start + " on after its restart, before from "
                            + before.startOffset());
        }
        var now = new ReplicaNotes();
        now.opened(found, start, () -> Long.MAX_VALUE);
        for (var note : before.all()) {
            var isExpected =
                    !before.isBeingCut() && !before.isDamagedAt(note) && !(before.isDamaged() && note.isCompacted());
            if (isExpected && !now.holds(note) && note.baseOffset() >= start) {
                journal.violated(
                        "I30", "node " + node + " does not have " + note + " of " + name + " after its restart");
            }
        }
    }

    /** I07: what was read or acknowledged stays. I15: and is there once. */
    private void commit(BatchNote note, String told) {
        if (promises.isCompacted()) {
            commitRecords(note, told);
            return;
        }
        var before = note.lastOffset() < startOffset ? null : committed.putIfAbsent(note.baseOffset(), note);
        if (before != null && !before.holdsTheSameAs(note)) {
            journal.violated("I07", told + " " + note + " in " + name + ", where before was " + before);
        }
        var same = committedSerials.putIfAbsent(note.serial(), note);
        if (same != null && same.baseOffset() != note.baseOffset()) {
            journal.violated("I15", told + " " + note + " in " + name + ", which has it already at " + same);
        }
    }

    /** The same for records that compaction may have left, each by itself. */
    private void commitRecords(BatchNote note, String told) {
        for (var record : note.records()) {
            var before = committedRecords.at(record.offset());
            if (before != null && !before.equals(record)) {
                journal.violated("I07", told + " " + record + " in " + name + ", where before was " + before);
            }
            var value = record.value();
            var same = value == null ? null : committedValues.putIfAbsent(value, record);
            if (same != null && same.offset() != record.offset()) {
                journal.violated("I15", told + " " + record + " in " + name + ", which has it already at " + same);
            }
        }
        committedRecords.add(note);
        committed.merge(
                note.baseOffset(),
                note,
                (one, other) -> one.records().size() >= other.records().size() ? one : other);
    }

    /** I13: an acknowledgement of all in-sync replicas says that so many have it, durably. */
    void acknowledged(BatchNote note, int minIsr) {
        commit(note, "acknowledged");
        if (note.lastOffset() < startOffset) {
            return;
        }
        var holders = replicas.entrySet().stream()
                .filter(replica -> replica.getValue().holdsDurably(note))
                .map(Map.Entry::getKey)
                .toList();
        var held = gone.stream().filter(notes -> notes.holdsDurably(note)).count();
        if (holders.size() + held < minIsr) {
            journal.violated(
                    "I13",
                    note + " of " + name + " was acknowledged and is durable on " + holders + ": expected " + minIsr);
        }
        checkHolders(note);
    }

    /** I02: who may lead has what was acknowledged, from then on. */
    private void checkHolders(BatchNote note) {
        var last = image;
        if (last != null) {
            last.isr().stream()
                    .filter(node -> !replica(node).isLossy() && !replica(node).holdsDurably(note))
                    .forEach(node -> journal.violated(
                            "I02", note + " of " + name + " was acknowledged, and node " + node + " may lead without"));
        }
    }

    /**
     * I04: whoever may lead is waited for by the one who does, unless that one knows something newer, or an older epoch. Those that are
     * eligible only while the high watermark moves: they have what lies below it.
     */
    void leads(int node, int leaderEpoch, MaximalIsr waitsFor) {
        var last = image;
        if (last == null
                || last.leaderEpoch() != leaderEpoch
                || last.partitionEpoch() < waitsFor.partitionEpoch()
                || last.leader() != node) {
            return;
        }
        var isMissing = !waitsFor.replicas().containsAll(last.isr())
                || (waitsFor.isEnough() && !waitsFor.replicas().containsAll(last.elr()));
        if (isMissing) {
            journal.violated(
                    "I04", "node " + node + " leads " + name + " and waits for " + waitsFor + ": it is " + last);
        }
    }

    /** I10: what is known of the epochs of a log is what a scan of it would tell. */
    void knowsEpochs(int node, LongToIntFunction epochAt) {
        var notes = replica(node);
        notes.all().stream()
                .filter(note -> note.baseOffset() >= notes.startOffset())
                .filter(note -> epochAt.applyAsInt(note.baseOffset()) != note.leaderEpoch()
                        || epochAt.applyAsInt(note.lastOffset()) != note.leaderEpoch())
                .findFirst()
                .ifPresent(note -> journal.violated(
                        "I10",
                        "node " + node + " takes " + note + " of " + name + " for one of epoch "
                                + epochAt.applyAsInt(note.baseOffset())));
    }

    /** The node has registered anew. */
    void registered(int node) {
        replica(node).distrusted();
    }

    void read(BatchNote note, long from) {
        commit(note, "read");
        if (promises.isCompacted()) {
            var next = from;
            for (var record : note.records()) {
                skipped(next, record.offset());
                next = record.offset() + 1;
            }
            skipped(next, note.lastOffset() + 1);
        }
    }

    /** I32: what a reader of a compacted topic does not get any more has a later one of its key. */
    private void skipped(long from, long to) {
        for (var record : committedRecords.between(from, to)) {
            if (record.value() != null && !writtenRecords.hasLater(record)) {
                journal.violated("I32", "nobody is given " + record + " of " + name + ", the last one of its key");
            }
        }
    }

    /** I32: a reader that began at the first offset has got the last one of each key. */
    void readThrough(Collection<BatchNote> notes) {
        var got = new HeldRecords();
        notes.forEach(got::add);
        var latest = got.latest();
        if (!latest.equals(committedRecords.latest())) {
            journal.violated(
                    "I32",
                    "of " + name + " a reader from its beginning has got " + latest + ", of what is committed "
                            + committedRecords.latest());
        }
    }

    /** I05, I12, and I01, I02: who may lead has everything. */
    void imaged(PartitionImage next) {
        var before = image;
        image = next;
        if (before != null
                && (next.leaderEpoch() < before.leaderEpoch() || next.partitionEpoch() < before.partitionEpoch())) {
            journal.violated("I12", name + " went from " + before + " to " + next);
        }
        if (next.elr().stream().anyMatch(next.isr()::contains)
                || !next.replicas().containsAll(next.isr())
                || new HashSet<>(next.isr()).size() != next.isr().size()) {
            journal.violated("I05", name + " is " + next);
        }
        checkHolders("I02", next.isr());
        checkHolders("I02", next.elr());
    }

    private void checkHolders(String invariant, List<Integer> nodes) {
        for (var node : nodes) {
            var notes = replica(node);
            for (var note : committed.values()) {
                if (!notes.isLossy() && !notes.holdsDurably(note)) {
                    journal.violated(
                            invariant,
                            "node " + node + " may lead " + name + " without " + note + ", has "
                                    + notes.at(note.baseOffset()) + " and is durable below " + notes.durableEnd());
                    return;
                }
            }
        }
    }

    /** I03, at the end: all replicas hold the same. */
    void converged() {
        var last = image;
        if (last == null) {
            return;
        }
        if (last.isr().size() != last.replicas().size()) {
            journal.violated("I37", name + " did not heal: " + last);
        }
        checkHolders("I01", last.isr());
        var expected = heldBy(last.leader());
        for (var node : last.replicas()) {
            var held = heldBy(node);
            if (!isSame(node, last.leader())) {
                journal.violated("I03", name + " of node " + node + " holds " + held + ", of the leader's " + expected);
            }
        }
    }

    boolean isConverged() {
        var last = image;
        if (last == null || !last.hasLeader()) {
            return last == null;
        }
        return last.replicas().stream().allMatch(node -> isSame(node, last.leader()));
    }

    /** Damage that nobody has read is not known yet. */
    private boolean isSame(int node, int leader) {
        if (promises.isCompacted()) {
            return isDamaged(node) || isDamaged(leader) || heldBy(node).equals(heldBy(leader));
        }
        return sound(node, leader).equals(sound(leader, node));
    }

    /** What is kept here, without what is damaged here or there. */
    private List<BatchNote> sound(int node, int other) {
        return kept(node).stream()
                .filter(note ->
                        !replica(node).isDamagedAt(note) && !replica(other).isDamagedAt(note))
                .toList();
    }

    /** What has to be the same on all replicas in the end. */
    private Object heldBy(int node) {
        return promises.isCompacted() ? replica(node).latest() : kept(node);
    }

    private List<BatchNote> kept(int node) {
        return replica(node).all().stream()
                .filter(note -> note.lastOffset() >= startOffset)
                .toList();
    }

    boolean isHealed() {
        var last = image;
        return last == null
                || (last.hasLeader() && last.isr().size() == last.replicas().size());
    }

    /** What clients were told is in the partition, in its order. */
    Collection<BatchNote> committed() {
        return committed.values();
    }
}
