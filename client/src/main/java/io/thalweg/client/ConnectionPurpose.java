package io.thalweg.client;

/** Brokers answer a connection's requests one after the other, so what may wait long has a connection of its own. */
enum ConnectionPurpose {
    /** Metadata, offsets, topics: answered at once. */
    CONTROL,
    /** Batches on their way to the log. */
    PRODUCE,
    /** Fetches, which wait for new records; each consumer has its own. */
    FETCH,
    /** Joins of classic groups, which wait for all members; each member has its own. */
    GROUP
}
