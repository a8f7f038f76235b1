/**
 * The group coordinator: groups of the classic and of the consumer protocol, and committed offsets, for one partition of
 * {@code __consumer_offsets}.
 *
 * <p>Everything belongs to one event loop, the one of the partition. Membership of classic groups is soft state; what has to outlive a
 * broker, the assignment of a generation and the offsets, is a record of the log, and recovery replays the records that were written. Of
 * groups of the consumer protocol all but the time limits is in records: what is decided changes them by replay only.
 */
package io.thalweg.coordinator.group;
