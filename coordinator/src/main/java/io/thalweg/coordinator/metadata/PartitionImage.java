package io.thalweg.coordinator.metadata;

import java.util.Collections;
import java.util.List;

/**
 * Who holds and who leads one partition.
 *
 * @param partition its number, from 0
 * @param replicas the brokers that hold it; the first is the preferred leader. While a reassignment is under way those to come and those
 *     to go are among them
 * @param isr the replicas that are in sync; never empty, so that a leader can be found again
 * @param elr the eligible leader replicas (KIP-966): not in sync any more, but with everything below the high watermark, which stands
 *     still while fewer replicas than min.insync.replicas are in sync; empty when enough are
 * @param reassignment which replicas come and go
 * @param leader a member of the ISR, or {@link #NO_LEADER}
 * @param leaderEpoch goes up with every change of leader, and when the leader starts again
 * @param partitionEpoch goes up with every change of the partition
 */
public record PartitionImage(
        int partition,
        List<Integer> replicas,
        List<Integer> isr,
        List<Integer> elr,
        Reassignment reassignment,
        int leader,
        int leaderEpoch,
        int partitionEpoch) {

    /** No member of the ISR can lead at the moment. */
    public static final int NO_LEADER = -1;

    /**
     * A change of replicas that goes on until those to come are in sync.
     *
     * @param adding those to come
     * @param removing those to go then
     */
    public record Reassignment(List<Integer> adding, List<Integer> removing) {

        /** Nothing comes or goes. */
        public static final Reassignment NONE = new Reassignment(List.of(), List.of());

        public Reassignment {
            adding = List.copyOf(adding);
            removing = List.copyOf(removing);
        }

        public boolean isUnderWay() {
            return !adding.isEmpty() || !removing.isEmpty();
        }
    }

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        elr = List.copyOf(elr);
        if (partition < 0
                || isr.isEmpty()
                || !replicas.containsAll(isr)
                || !replicas.containsAll(elr)
                || !Collections.disjoint(isr, elr)
                || (leader != NO_LEADER && !isr.contains(leader))) {
            throw new IllegalArgumentException("partition " + partition + " with replicas " + replicas + ", ISR " + isr
                    + ", eligible leaders " + elr + " and leader " + leader
                    + ": expected an ISR and other eligible leaders out of the replicas and a leader out of the ISR");
        }
    }

    /** A partition whose replicas stay and of which nobody beside the ISR is eligible. */
    public PartitionImage(
            int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
        this(partition, replicas, isr, List.of(), Reassignment.NONE, leader, leaderEpoch, partitionEpoch);
    }

    /** The first image of a partition: every replica is in sync, the first one leads. */
    public static PartitionImage created(int partition, List<Integer> replicas, List<Integer> isr) {
        return new PartitionImage(partition, replicas, isr, isr.get(0), 0, 0);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }

    /** The replica that leads when all are well. */
    public int preferredLeader() {
        return replicas.get(0);
    }

    /** The next image, led by the same replica again under a new epoch. */
    public PartitionImage ledAgain() {
        return new PartitionImage(
                partition, replicas, isr, elr, reassignment, leader, leaderEpoch + 1, partitionEpoch + 1);
    }
}
