/** Spreads the partitions of topics over the members of a consumer group; pure functions. */
package io.thalweg.coordinator.group.assign;
