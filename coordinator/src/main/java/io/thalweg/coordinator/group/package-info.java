/**
 * The group coordinator: classic consumer groups and committed offsets, for one partition of {@code __consumer_offsets}.
 *
 * <p>Everything belongs to one event loop, the one of the partition. Membership is soft state; what has to outlive a broker, the
 * assignment of a generation and the offsets, is a record of the log, and recovery replays the records that were written.
 */
package io.thalweg.coordinator.group;
