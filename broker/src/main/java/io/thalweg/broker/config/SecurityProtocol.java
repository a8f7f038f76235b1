package io.thalweg.broker.config;

/** What a listener speaks below Kafka's protocol; names are Kafka's. */
public enum SecurityProtocol {
    /** TCP as it is. */
    PLAINTEXT,
    /** TLS. */
    SSL,
    /** SASL over TCP as it is. */
    SASL_PLAINTEXT,
    /** SASL over TLS. */
    SASL_SSL;

    boolean isSupported() {
        return this == PLAINTEXT;
    }
}
