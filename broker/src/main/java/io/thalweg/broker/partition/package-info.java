/**
 * Partitions. A {@link io.thalweg.broker.partition.LeaderPartition} belongs to one shard, which alone changes it; what others may know
 * it publishes in its {@link io.thalweg.broker.partition.Partition}.
 */
package io.thalweg.broker.partition;
