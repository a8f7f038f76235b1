package io.thalweg.coordinator.controller;

import java.time.Duration;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The controller's settings.
 *
 * @param clusterId the id of a cluster that has none yet; empty to draw one
 * @param features the finalized levels of a cluster that has none yet
 * @param topics what topics are given that do not say
 * @param sessionTimeout after this long without a heartbeat a broker is fenced; empty if brokers cannot be lost, because the
 *     only one is in this process
 * @param rebalanceInterval so often leadership is given back to the first replicas; empty if it is not
 * @param limits how much may wait and pile up
 */
public record ControllerConfig(
        Optional<String> clusterId,
        SortedMap<String, Short> features,
        Topics topics,
        Optional<Duration> sessionTimeout,
        Optional<Duration> rebalanceInterval,
        Limits limits) {

    public ControllerConfig {
        features = Collections.unmodifiableSortedMap(new TreeMap<>(features));
    }

    /** Kafka's defaults for one broker in this process. */
    public static ControllerConfig defaults() {
        return new ControllerConfig(
                Optional.empty(),
                Collections.emptySortedMap(),
                new Topics(1, (short) 1, true),
                Optional.empty(),
                Optional.empty(),
                new Limits(1_000, 10_000, 15 << 20, 20_000));
    }

    /**
     * What topics are given that do not say.
     *
     * @param partitionCount {@code num.partitions}
     * @param replicationFactor {@code default.replication.factor}
     * @param deletionEnabled {@code delete.topic.enable}
     */
    public record Topics(int partitionCount, short replicationFactor, boolean deletionEnabled) {}

    /**
     * How much may wait and pile up.
     *
     * @param waitingRequests so many requests wait for a proposal; more are refused
     * @param proposalRecords a proposal takes no further request once it has so many records
     * @param proposalBytes a proposal takes no further request either once it has so many bytes, and a request whose changes have more by
     *     themselves is refused; so twice as many have to fit into an entry of the metadata log
     * @param snapshotRecords after so many records a snapshot is kept
     */
    public record Limits(int waitingRequests, int proposalRecords, int proposalBytes, int snapshotRecords) {

        public Limits {
            if (waitingRequests < 1 || proposalRecords < 1 || proposalBytes < 1 || snapshotRecords < 1) {
                throw new IllegalArgumentException("controller limits of " + waitingRequests + " waiting requests, "
                        + proposalRecords + " records and " + proposalBytes + " bytes a proposal and " + snapshotRecords
                        + " records a snapshot: expected at least 1 each");
            }
        }

        /** The same with less in a proposal. */
        public Limits withProposalBytes(int bytes) {
            return new Limits(waitingRequests, proposalRecords, bytes, snapshotRecords);
        }
    }
}
