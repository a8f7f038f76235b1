package io.thalweg.simulation.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the members of one consumer group were told and what they did, by partition of the one topic it reads. Owned by the scheduler. */
public final class GroupLedger {

    private static final int NOBODY = -1;

    private final Journal journal;
    private final long sessionNanos;
    private final TreeMap<Integer, Map<String, Belief>> holders = new TreeMap<>();
    private final TreeMap<Integer, Long> committed = new TreeMap<>();
    private final TreeMap<Integer, Long> handled = new TreeMap<>();
    private final Map<Integer, Set<Long>> unanswered = new HashMap<>();

    /** That a member holds a partition, since a coordinator answered the heartbeat that it sent then. */
    private record Belief(int memberEpoch, int coordinator, long sentNanos) {}

    /**
     * An empty one; what is broken goes to the journal.
     *
     * @param sessionNanos how long the coordinator waits for a member
     */
    public GroupLedger(Journal journal, long sessionNanos) {
        this.journal = journal;
        this.sessionNanos = sessionNanos;
    }

    /**
     * I26: a member was answered that it holds these partitions. Nobody else does if both were heard by the same coordinator so lately
     * that their sessions cannot have ended: an answer may be late, and tell of a session that is over. Nor does anybody in the same epoch
     * whose session cannot have ended.
     *
     * @param sentNanos when it sent what was answered
     */
    public void holds(String member, int memberEpoch, Set<Integer> partitions, int coordinator, long sentNanos) {
        lost(member);
        for (var partition : partitions) {
            var known = holders.computeIfAbsent(partition, number -> new TreeMap<>());
            known.forEach((other, belief) -> {
                var areAlive = coordinator != NOBODY
                        && belief.coordinator == coordinator
                        && isAlive(belief.sentNanos)
                        && isAlive(sentNanos);
                // A group that comes in the place of an emptied one of the other protocol counts its epochs anew.
                var isSameProtocol = (belief.coordinator == NOBODY) == (coordinator == NOBODY);
                var isSameLife = isSameProtocol && isAlive(belief.sentNanos);
                if (areAlive || (isSameLife && belief.memberEpoch == memberEpoch)) {
                    journal.violated(
                            "I26",
                            "partition " + partition + " belongs to " + other + " in epoch " + belief.memberEpoch
                                    + " and to " + member + " in epoch " + memberEpoch);
                }
            });
            known.put(member, new Belief(memberEpoch, coordinator, sentNanos));
        }
    }

    /**
     * I26 in the classic protocol, whose members learn late that others have what was theirs: in a generation it belongs to one. A group
     * that all have left, as one by one they were silent for their session, may count its generations anew.
     *
     * @param sentNanos when it sent what was answered
     */
    public void holdsInGeneration(String member, int generation, Set<Integer> partitions, long sentNanos) {
        holds(member, generation, partitions, NOBODY, sentNanos);
    }

    /** A member of the classic protocol was answered that it is one still. */
    public void isInGeneration(String member, long sentNanos) {
        holders.values()
                .forEach(known -> known.computeIfPresent(
                        member, (name, belief) -> new Belief(belief.memberEpoch, NOBODY, sentNanos)));
    }

    private boolean isAlive(long sentNanos) {
        return journal.nowNanos() - sentNanos < sessionNanos;
    }

    /** A member knows that it holds nothing any more. */
    public void lost(String member) {
        holders.values().forEach(known -> known.remove(member));
    }

    /** The highest offset that is known to be committed. */
    public long committed(int partition) {
        return committed.getOrDefault(partition, 0L);
    }

    /**
     * I27: the coordinator has taken a commit.
     *
     * @param committedBefore what was known to be committed when it was sent
     */
    public void committed(String member, int partition, long offset, long committedBefore) {
        if (offset < committedBefore) {
            journal.violated(
                    "I27",
                    "of partition " + partition + " " + member + " has committed " + offset + ", after "
                            + committedBefore + " was committed");
        }
        committed.merge(partition, offset, Math::max);
    }

    /** A commit got no answer. It may be on its way yet, and overtaken by a later one that its member sent on another connection. */
    public void unanswered(int partition, long offset) {
        unanswered.computeIfAbsent(partition, number -> new HashSet<>()).add(offset);
    }

    /** I27: where a member is told to begin. */
    public void began(String member, int partition, long offset, long committedBefore) {
        journal.note("group: " + member + " begins partition " + partition + " at " + offset);
        var late = unanswered.remove(partition); // What comes from now on is of a generation that is over.
        if (late != null && late.contains(offset)) {
            committed.put(partition, offset);
        } else if (offset < committedBefore) {
            journal.violated(
                    "I27",
                    "of partition " + partition + " " + member + " is told " + offset + ", after " + committedBefore
                            + " was committed");
        }
        if (offset > handled.getOrDefault(partition, 0L)) {
            journal.violated(
                    "I28",
                    "of partition " + partition + " " + member + " is told to begin at " + offset
                            + ", and nobody has got past " + handled.getOrDefault(partition, 0L));
        }
    }

    /** A member has handled everything from its beginning, which was not past what others had handled, to here. */
    public void handled(int partition, long offset) {
        handled.merge(partition, offset, Math::max);
    }

    public Journal journal() {
        return journal;
    }
}
