/**
 * The cluster's metadata as immutable values: what there is, and what changed from one image to the next.
 *
 * <p>Everything here is immutable, may be read by any thread, and iterates in a fixed order: topics by name, partitions by number,
 * brokers by id, configs by resource and name. An image made from another shares what did not change.
 */
package io.thalweg.coordinator.metadata;
