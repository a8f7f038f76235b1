package io.thalweg.broker.replication;

import java.util.List;

/**
 * Another ISR that a leader asks the controller for.
 *
 * @param partitionEpoch of the partition as the leader knows it; the controller refuses the change if it knows a later one
 */
public record IsrChange(List<Member> inSync, int partitionEpoch) {

    /**
     * A replica that shall be in sync.
     *
     * @param brokerEpoch of the life of the broker that acknowledged (KIP-903); -1 for one that has not, such as the leader
     */
    public record Member(int brokerId, long brokerEpoch) {}

    public IsrChange {
        inSync = List.copyOf(inSync);
    }

    /** Whose replicas shall be in sync. */
    public List<Integer> brokerIds() {
        return inSync.stream().map(Member::brokerId).toList();
    }

    /** Whether the broker's replica shall be in sync. */
    boolean has(int brokerId) {
        return inSync.stream().anyMatch(member -> member.brokerId() == brokerId);
    }
}
