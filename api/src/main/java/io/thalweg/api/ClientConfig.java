package io.thalweg.api;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How a client finds its cluster and how patient it is. Immutable. */
public final class ClientConfig {

    private final List<String> bootstrap;
    private final String clientId;
    private final Duration requestTimeout;
    private final Duration retryTimeout;
    private final Map<String, String> transportSettings;

    private ClientConfig(Builder builder) {
        this.bootstrap = builder.bootstrap;
        this.clientId = builder.clientId;
        this.requestTimeout = builder.requestTimeout;
        this.retryTimeout = builder.retryTimeout;
        this.transportSettings = Map.copyOf(builder.transportSettings);
    }

    /** A client of these brokers, {@code host:port} separated by commas, with the defaults. */
    public static ClientConfig of(String bootstrap) {
        return builder(bootstrap).build();
    }

    /** Begins with these brokers, {@code host:port} separated by commas. */
    public static Builder builder(String bootstrap) {
        return new Builder(bootstrap);
    }

    /** Brokers to ask first, {@code host:port}; at least one. */
    public List<String> bootstrap() {
        return bootstrap;
    }

    /** What brokers log and count this client under. */
    public String clientId() {
        return clientId;
    }

    /** How long a broker may take to answer; after that its connection is given up. */
    public Duration requestTimeout() {
        return requestTimeout;
    }

    /** How long what fails for a passing reason is tried again. */
    public Duration retryTimeout() {
        return retryTimeout;
    }

    /** What connections are made with, by the names that Kafka's clients have for it. */
    public Map<String, String> transportSettings() {
        return transportSettings;
    }

    /** Collects the settings. Confined to one thread. */
    public static final class Builder {

        private final List<String> bootstrap;
        private String clientId = "thalweg";
        private Duration requestTimeout = Duration.ofSeconds(30);
        private Duration retryTimeout = Duration.ofSeconds(60);
        private final Map<String, String> transportSettings = new HashMap<>();

        private Builder(String text) {
            bootstrap = Arrays.stream(text.split(",", -1))
                    .map(String::trim)
                    .filter(each -> !each.isEmpty())
                    .toList();
            if (bootstrap.isEmpty()) {
                throw new IllegalArgumentException(
                        "no bootstrap broker given; expected host:port, or several with commas");
            }
        }

        /** Default: {@code thalweg}. */
        public Builder clientId(String id) {
            clientId = Objects.requireNonNull(id);
            return this;
        }

        /** Default: 30 seconds. */
        public Builder requestTimeout(Duration timeout) {
            requestTimeout = positive("request timeout", timeout);
            return this;
        }

        /** Default: 60 seconds. */
        public Builder retryTimeout(Duration timeout) {
            retryTimeout = positive("retry timeout", timeout);
            return this;
        }

        /**
         * A setting of the transport, by the name that Kafka's clients have for it, such as {@code security.protocol}. Which there are, the
         * transport says; connecting with one that it does not know fails. A client on a transport of the application's has none.
         */
        public Builder transport(String name, String value) {
            transportSettings.put(Objects.requireNonNull(name), Objects.requireNonNull(value));
            return this;
        }

        public ClientConfig build() {
            return new ClientConfig(this);
        }
    }

    static Duration positive(String what, Duration value) {
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(what + " of " + value + "; expected more than 0");
        }
        return value;
    }

    static Duration notNegative(String what, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(what + " of " + value + "; expected 0 or more");
        }
        return value;
    }

    static int positive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(what + " of " + value + "; expected 1 or more");
        }
        return value;
    }
}
