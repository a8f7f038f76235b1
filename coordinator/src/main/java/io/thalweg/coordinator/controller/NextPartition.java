package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.PartitionImage.Reassignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.Stream;

/**
 * What a partition becomes when something about it changes; confined to one decision, and pure.
 *
 * <p>Whatever the change is, the same follows from it: a reassignment ends when those to come are in sync and enough stay; a leader that
 * may lead no longer is replaced out of the ISR, else out of the eligible leader replicas, else, where that is allowed, by any replica;
 * replicas that leave an ISR which becomes too small stay eligible; epochs go up.
 */
final class NextPartition {

    private final PartitionImage before;
    private final TopicRules rules;
    private final IntPredicate canLead;
    private List<Integer> replicas;
    private List<Integer> isr;
    private List<Integer> elr;
    private Reassignment reassignment;
    private boolean prefersFirst;
    private boolean isUncleanAllowed;
    private boolean isUnclean;
    private int lossy = PartitionImage.NO_LEADER;

    /**
     * Starts from what it is.
     *
     * @param canLead whether a broker is able to lead
     */
    NextPartition(PartitionImage before, TopicRules rules, IntPredicate canLead) {
        this.before = before;
        this.rules = rules;
        this.canLead = canLead;
        this.replicas = before.replicas();
        this.isr = before.isr();
        this.elr = before.elr();
        this.reassignment = before.reassignment();
        this.isUncleanAllowed = rules.isUncleanAllowed();
    }

    /** Has these replicas in sync. */
    NextPartition withIsr(List<Integer> newIsr) {
        isr = List.copyOf(newIsr);
        return this;
    }

    /** Takes a replica out of the ISR, unless it is the last one there: only that has everything. */
    NextPartition withoutInIsr(int broker) {
        var others = without(isr, broker);
        if (!others.isEmpty()) {
            isr = others;
        }
        return this;
    }

    /**
     * Takes a replica out that may have lost what it acknowledged: it is not eligible, and where it was the last in sync, those that are
     * take its place.
     */
    NextPartition withoutLossy(int broker) {
        elr = without(elr, broker);
        isr = isr.equals(List.of(broker)) && !elr.isEmpty() ? elr : isr;
        withoutInIsr(broker);
        lossy = broker;
        return this;
    }

    /** Has other replicas, some of which come and go. */
    NextPartition reassigned(List<Integer> newReplicas, Reassignment underWay) {
        replicas = List.copyOf(newReplicas);
        reassignment = underWay;
        isr = isr.stream().filter(replicas::contains).toList();
        elr = elr.stream().filter(replicas::contains).toList();
        return this;
    }

    /** Has the first replica lead, if it can. */
    NextPartition preferFirst() {
        prefersFirst = true;
        return this;
    }

    /** Lets any replica lead if no other can. */
    NextPartition allowUnclean() {
        isUncleanAllowed = true;
        return this;
    }

    /** Whether at least one replica is in sync. */
    boolean hasIsr() {
        return !isr.isEmpty();
    }

    /** What it is then; empty if that is what it is now. */
    Optional<PartitionImage> build() {
        endReassignment();
        int leader = elect();
        var eligible = eligible();
        var hasLeaderChanged = leader != before.leader() || !replicas.containsAll(before.replicas());
        var isSame = leader == before.leader()
                && replicas.equals(before.replicas())
                && isr.equals(before.isr())
                && eligible.equals(before.elr())
                && reassignment.equals(before.reassignment());
        return isSame
                ? Optional.empty()
                : Optional.of(new PartitionImage(
                        before.partition(),
                        replicas,
                        isr,
                        eligible,
                        reassignment,
                        leader,
                        hasLeaderChanged ? before.leaderEpoch() + 1 : before.leaderEpoch(),
                        before.partitionEpoch() + 1));
    }

    /** Those to come are in sync: those to go are let go, if enough stay. */
    private void endReassignment() {
        var staying = staying(isr);
        var target = staying(replicas);
        if (reassignment.isUnderWay()
                && staying.containsAll(reassignment.adding())
                && !staying.isEmpty()
                && isEnough(target)) {
            replicas = target;
            isr = staying;
            elr = elr.stream().filter(replicas::contains).toList();
            reassignment = Reassignment.NONE;
        }
    }

    private List<Integer> staying(List<Integer> among) {
        return among.stream()
                .filter(replica -> !reassignment.removing().contains(replica))
                .toList();
    }

    /**
     * One that has everything goes only if as many that do stay as an acknowledgement promises: the few left may just be about to be
     * missed.
     */
    private boolean isEnough(List<Integer> target) {
        var whole = Stream.concat(isr.stream(), elr.stream()).distinct().toList();
        var staying = staying(whole);
        return staying.size() == whole.size() || staying.size() >= Math.min(rules.minInsyncReplicas(), target.size());
    }

    private int elect() {
        if (prefersFirst && isElectable(replicas.get(0))) {
            return replicas.get(0);
        }
        if (before.hasLeader() && isElectable(before.leader())) {
            return before.leader();
        }
        var inSync = replicas.stream().filter(this::isElectable).findFirst();
        if (inSync.isPresent()) {
            return inSync.orElseThrow();
        }
        return outOfSync();
    }

    private boolean isElectable(int replica) {
        return isr.contains(replica) && canLead.test(replica);
    }

    private int outOfSync() {
        var eligible = firstThatCanLead(elr);
        isUnclean = eligible.isEmpty() && isUncleanAllowed;
        var leader = isUnclean ? firstThatCanLead(replicas) : eligible;
        if (leader.isEmpty()) {
            isUnclean = false;
            return PartitionImage.NO_LEADER;
        }
        var first = leader.orElseThrow();
        elr = merged(elr, isr);
        isr = List.of(first);
        return first;
    }

    private Optional<Integer> firstThatCanLead(List<Integer> among) {
        return replicas.stream()
                .filter(replica -> among.contains(replica) && canLead.test(replica))
                .findFirst();
    }

    /** Who still has everything below the high watermark, which has not moved since the ISR became too small. */
    private List<Integer> eligible() {
        if (isUnclean || isr.size() >= Math.min(rules.minInsyncReplicas(), replicas.size())) {
            return List.of();
        }
        var known = merged(elr, before.isr());
        return replicas.stream()
                .filter(replica -> known.contains(replica) && !isr.contains(replica) && replica != lossy)
                .toList();
    }

    private static List<Integer> merged(List<Integer> some, List<Integer> others) {
        var all = new ArrayList<>(some);
        all.addAll(others);
        return all;
    }

    private static List<Integer> without(List<Integer> list, int broker) {
        return list.stream().filter(member -> member != broker).toList();
    }
}
