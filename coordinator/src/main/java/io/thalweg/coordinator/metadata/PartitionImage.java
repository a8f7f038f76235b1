package io.thalweg.coordinator.metadata;

import java.util.List;

/**
 * Who holds and who leads one partition.
 *
 * @param partition its number, from 0
 * @param replicas the brokers that hold it; the first is the preferred leader
 * @param isr the replicas that are in sync; never empty, so that a leader can be found again
 * @param leader a member of the ISR, or {@link #NO_LEADER}
 * @param leaderEpoch goes up with every change of leader, and when the leader starts again
 * @param partitionEpoch goes up with every change of the partition
 */
public record PartitionImage(
        int partition, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {

    /** No member of the ISR can lead at the moment. */
    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
        if (partition < 0
                || isr.isEmpty()
                || !replicas.containsAll(isr)
                || (leader != NO_LEADER && !isr.contains(leader))) {
            throw new IllegalArgumentException("partition " + partition + " with replicas " + replicas + ", ISR " + isr
                    + " and leader " + leader + ": expected an ISR out of the replicas and a leader out of the ISR");
        }
    }

    /** The first image of a partition: every replica is in sync, the first one leads. */
    public static PartitionImage created(int partition, List<Integer> replicas, List<Integer> isr) {
        return new PartitionImage(partition, replicas, isr, isr.get(0), 0, 0);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }

    /** The next image, with another ISR and the same leader. */
    public PartitionImage withIsr(List<Integer> newIsr) {
        return new PartitionImage(partition, replicas, newIsr, leader, leaderEpoch, partitionEpoch + 1);
    }

    /** The next image, led by another replica, by none, or by the same one again. */
    public PartitionImage ledBy(int newLeader, List<Integer> newIsr) {
        return new PartitionImage(partition, replicas, newIsr, newLeader, leaderEpoch + 1, partitionEpoch + 1);
    }
}
