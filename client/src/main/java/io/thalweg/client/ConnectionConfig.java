package io.thalweg.client;

import io.thalweg.api.ClientConfig;
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
public record ConnectionConfig(
        List<Endpoint> bootstrap, String clientId, Duration requestTimeout, Duration retryTimeout) {

    /** Refuses an empty bootstrap list. */
    public ConnectionConfig {
        bootstrap = List.copyOf(bootstrap);
        if (bootstrap.isEmpty()) {
            throw new IllegalArgumentException("no bootstrap broker given; expected host:port, or several with commas");
        }
    }

    /** A client of these brokers, {@code host:port} separated by commas, with Kafka's default timeouts. */
    public static ConnectionConfig of(String bootstrap) {
        var endpoints = Arrays.stream(bootstrap.split(",", -1))
                .map(String::trim)
                .filter(text -> !text.isEmpty())
                .map(Endpoint::parse)
                .toList();
        return new ConnectionConfig(endpoints, "thalweg", Duration.ofSeconds(30), Duration.ofSeconds(60));
    }

    /** What an application configured. */
    static ConnectionConfig of(ClientConfig config) {
        var endpoints = config.bootstrap().stream().map(Endpoint::parse).toList();
        return new ConnectionConfig(endpoints, config.clientId(), config.requestTimeout(), config.retryTimeout());
    }

    /** The same with another client id. */
    public ConnectionConfig withClientId(String newClientId) {
        return new ConnectionConfig(bootstrap, newClientId, requestTimeout, retryTimeout);
    }

    /** The same with other timeouts. */
    public ConnectionConfig withTimeouts(Duration newRequestTimeout, Duration newRetryTimeout) {
        return new ConnectionConfig(bootstrap, clientId, newRequestTimeout, newRetryTimeout);
    }
}
