package io.thalweg.broker.replication;

import java.util.List;

/**
 * Whose acknowledgements a leader's high watermark waits for: the ISR as far as the leader knows it, and who may be in it by now.
 *
 * @param partitionEpoch of the newest change of the partition that the leader knows
 * @param isEnough whether it moves at all: {@code min.insync.replicas} are known to be in sync
 */
public record MaximalIsr(List<Integer> replicas, int partitionEpoch, boolean isEnough) {

    public MaximalIsr {
        replicas = List.copyOf(replicas);
    }
}
