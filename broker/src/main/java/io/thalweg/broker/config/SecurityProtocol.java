package io.thalweg.broker.config;

/** What a listener speaks below Kafka's protocol; names are Kafka's. */
public enum SecurityProtocol {
    /** TCP as it is. */
    PLAINTEXT(0),
    /** TLS. */
    SSL(1),
    /** SASL over TCP as it is. */
    SASL_PLAINTEXT(2),
    /** SASL over TLS. */
    SASL_SSL(3);

    private final short code;

    SecurityProtocol(int code) {
        this.code = (short) code;
    }

    /** The number that stands for it in requests between brokers. */
    public short code() {
        return code;
    }

    boolean isSupported() {
        return this == PLAINTEXT;
    }
}
