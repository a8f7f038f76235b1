package io.thalweg.coordinator.ratis;

import io.thalweg.spi.coordination.Leadership;
import java.util.OptionalInt;

/**
 * Derives what is to be told of leadership from what a Raft server says. Another member leads once this one has an entry of its term, so
 * that it has heard what came before; this one leads once it has applied the first entry of its own term. Owned by who holds the feed's
 * lock.
 */
final class LeadershipTracker {

    private static final int NOBODY = -1;

    private final int self;
    private int leader = NOBODY;
    private long leaderTerm = -1;
    private long appliedTerm = -1;
    private boolean isReady;
    private Leadership told = new Leadership(OptionalInt.empty(), -1, false);

    LeadershipTracker(int self) {
        this.self = self;
    }

    /** What was said last. */
    Leadership told() {
        return told;
    }

    /** There is a leader, maybe this member. */
    void leads(int newLeader, long term) {
        if (term >= leaderTerm) {
            leader = newLeader;
            leaderTerm = term;
            isReady = isReady && newLeader == self;
        }
    }

    /** An entry was applied, the first of its term or a later one. */
    void applied(long term) {
        appliedTerm = Math.max(appliedTerm, term);
    }

    /** This member leads and has applied everything older. */
    void ready(long term) {
        leads(self, term);
        isReady = true;
    }

    /** This member leads no more. */
    void resigned() {
        isReady = false;
        if (leader == self) {
            leader = NOBODY;
        }
    }

    /** No leader was heard of for long. */
    void alone() {
        isReady = false;
        leader = NOBODY;
    }

    /** What is to be told now; the same as before if there is nothing new. */
    Leadership next() {
        told = current();
        return told;
    }

    private Leadership current() {
        if (isReady) {
            return new Leadership(OptionalInt.of(self), Math.toIntExact(leaderTerm), true);
        }
        if (leader != NOBODY && leader != self && leaderTerm <= appliedTerm) {
            return new Leadership(OptionalInt.of(leader), Math.toIntExact(leaderTerm), false);
        }
        if (told.isLocal() || leader == NOBODY) {
            return new Leadership(OptionalInt.empty(), told.epoch(), false);
        }
        return told;
    }
}
