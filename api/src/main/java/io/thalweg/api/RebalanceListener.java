package io.thalweg.api;

import java.util.Set;

/**
 * Hears which partitions a member of a group gets and gives up. Called by the thread that polls, within {@code poll}.
 *
 * <p><b>Errors.</b> What it throws is thrown by that {@code poll}.
 */
public interface RebalanceListener {

    /** Hears nothing. */
    RebalanceListener NONE = new RebalanceListener() {};

    /** These are read from now on. */
    default void assigned(Set<TopicPartition> partitions) {}

    /** These are given up when this returns: the last moment to commit what was done of them. */
    default void revoked(Set<TopicPartition> partitions) {}

    /** These are gone, perhaps to another member already; what is committed of them now fails. */
    default void lost(Set<TopicPartition> partitions) {}
}
