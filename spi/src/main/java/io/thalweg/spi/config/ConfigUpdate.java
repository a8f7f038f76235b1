package io.thalweg.spi.config;

/** How a setting may be changed while brokers run. */
public enum ConfigUpdate {
    /** Not at all: it is read once, when the broker starts. */
    AT_START,
    /** For one broker at a time. */
    PER_BROKER,
    /** For one broker, or for all of them at once. */
    CLUSTER_WIDE
}
