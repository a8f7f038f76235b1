/**
 * Fetches what other brokers lead: each shard has one {@link io.thalweg.broker.follower.ReplicaFetcher} for each leader of its followers,
 * one fetch of it is under way at a time, and the next one is sent when what the last one brought is durable.
 */
package io.thalweg.broker.follower;
