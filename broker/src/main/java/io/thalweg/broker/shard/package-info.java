/**
 * Shards: one thread and one ring each, through which every change of a partition goes.
 *
 * <p>The way of a batch is the order of the stages in {@link io.thalweg.broker.shard.ShardLoop}: append, commit, acknowledge.
 */
package io.thalweg.broker.shard;
