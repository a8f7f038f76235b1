package io.thalweg.client;

import io.thalweg.spi.transport.Endpoint;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How a client finds its cluster and how patient it is.
 *
 * @param bootstrap brokers to ask first, at least one
 * @param clientId what brokers log and count this client under
 * @param requestTimeout how long a broker may take to answer
 * @param retryTimeout how long what fails for a passing reason is tried again
 */
public record ClientConfig(List<Endpoint> bootstrap, String clientId, Duration requestTimeout, Duration retryTimeout) {

    /** Refuses an empty bootstrap list. */
    public ClientConfig {
        bootstrap = List.copyOf(bootstrap);
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("no bootstrap broker given; expected host:port, or several with commas");
        }
    }

    /** A client of these brokers, {@code host:port} separated by commas, with Kafka's default timeouts. */
    public static ClientConfig of(String bootstrap) {
        var endpoints = Arrays.stream(bootstrap.split(",", -1))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(Endpoint::parse)
                .toList();
        return new ClientConfig(endpoints, "thalweg", Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** The same with another client id. */
    public ClientConfig withClientId(String newClientId) {
        return new ClientConfig(bootstrap, newClientId, requestTimeout, retryTimeout);
    }

    /** The same with other timeouts. */
    public ClientConfig withTimeouts(Duration newRequestTimeout, Duration newRetryTimeout) {
        return new ClientConfig(bootstrap, clientId, newRequestTimeout, newRetryTimeout);
    }
}
