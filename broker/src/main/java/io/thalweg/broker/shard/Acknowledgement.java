package io.thalweg.broker.shard;

import io.thalweg.broker.partition.Partition;

/**
 * What a follower says by fetching: it holds everything below the offset.
 *
 * @param leaderEpoch the epoch of the leader whose log it holds it of
 */
public record Acknowledgement(Partition partition, long endOffset, int leaderEpoch) {}
