package io.thalweg.broker.partition;

import io.thalweg.spi.transport.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The terms on which this broker follows the leader of a partition.
 *
 * @param brokerId this broker
 * @param leaderId who leads; negative if nobody does
 * @param leaderEpoch the epoch that this leader, or its absence, began
 * @param leader where the leader is reached by other brokers; null if that is not known
 */
public record Following(
        int brokerId,
        int leaderId,
        int leaderEpoch,
        @Nullable Endpoint leader) {}
