package io.thalweg.api;

/** How the members of a group come by their partitions. */
public enum GroupProtocol {
    /** {@link #CONSUMER} where the brokers have it, else {@link #CLASSIC}. */
    AUTOMATIC,
    /** Brokers assign (KIP-848); those of Apache Kafka 4.0 and later can. */
    CONSUMER,
    /** One of the members assigns, and the group stops and goes on together; every broker can. */
    CLASSIC
}
