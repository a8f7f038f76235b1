/**
 * Hosts the group coordinators: each on the shard of its partition of {@code __consumer_offsets}, over the log of that partition.
 *
 * <p>What a coordinator decides is in {@code io.thalweg.coordinator.group}; here is where it lives, what it is loaded from and how it is
 * found.
 */
package io.thalweg.broker.group;
