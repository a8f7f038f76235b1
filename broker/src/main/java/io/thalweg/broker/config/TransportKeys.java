package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.Locale;

/** Settings that bound what connections may take; {@link ConnectionLimits} reads them together. */
public final class TransportKeys {

    public static final ConfigKey<Integer> NUM_NETWORK_THREADS = ConfigKey.ofInt("num.network.threads", 3)
            .atLeast(1)
            .documented("How many event loops share the connections of the server.");

    public static final ConfigKey<Integer> SOCKET_REQUEST_MAX_BYTES = ConfigKey.ofInt(
                    "socket.request.max.bytes", 100 << 20)
            .atLeast(1)
            .documented("A client that announces a request of more than this many bytes is disconnected.");

    public static final ConfigKey<Long> QUEUED_MAX_REQUEST_BYTES = ConfigKey.ofLong("queued.max.request.bytes", -1L)
            .allowing(bytes -> bytes == -1 || bytes > 0, "-1 or a number above 0")
            .documented("How many bytes of requests not yet answered the server holds before it stops reading from its"
                    + " connections; -1 means a bound chosen by the server.");

    public static final ConfigKey<Long> CONNECTIONS_MAX_IDLE_MILLIS = ConfigKey.ofLong(
                    "connections.max.idle.ms", 600_000L)
            .documented("A connection over which nothing went for this many milliseconds is closed; a number below 1"
                    + " keeps idle connections.");

    /** Thalweg's own; Kafka waits for the rest of a request until the connection has been idle for too long. */
    public static final ConfigKey<Integer> SOCKET_REQUEST_TIMEOUT_MILLIS = ConfigKey.ofInt(
                    "socket.request.timeout.ms", 30_000)
            .atLeast(1)
            .documented("A client that has begun to send a request, and has not sent the whole of it after this many"
                    + " milliseconds, is disconnected.");

    public static final ConfigKey<Integer> MAX_CONNECTIONS = ConfigKey.ofInt("max.connections", Integer.MAX_VALUE)
            .atLeast(0)
            .changeable()
            .documented("The most connections the server holds open; further ones are closed at once.");

    public static final ConfigKey<Integer> MAX_CONNECTIONS_PER_IP = ConfigKey.ofInt(
                    "max.connections.per.ip", Integer.MAX_VALUE)
            .atLeast(0)
            .changeable()
            .documented("The most connections the server holds open for one address; further ones are closed at once.");

    /** {@link #creationRateOf} is that of one listener. */
    public static final ConfigKey<Integer> MAX_CONNECTION_CREATION_RATE = ConfigKey.ofInt(
                    "max.connection.creation.rate", Integer.MAX_VALUE)
            .atLeast(0)
            .changeable()
            .documented(
                    "How many connections a second the server begins to serve; further ones wait, or are closed when"
                            + " there are too many of them. With listener.name.NAME. before it, those of that listener. Several"
                            + " listeners given, the one between brokers is bounded by its own rate only.");

    private TransportKeys() {}

    /** The rate of one listener. */
    public static ConfigKey<Integer> creationRateOf(String listenerName) {
        return MAX_CONNECTION_CREATION_RATE.named(
                "listener.name." + listenerName.toLowerCase(Locale.ROOT) + "." + MAX_CONNECTION_CREATION_RATE.name());
    }

    static List<ConfigKey<?>> all() {
        return List.of(
                NUM_NETWORK_THREADS,
                SOCKET_REQUEST_MAX_BYTES,
                QUEUED_MAX_REQUEST_BYTES,
                CONNECTIONS_MAX_IDLE_MILLIS,
                SOCKET_REQUEST_TIMEOUT_MILLIS,
                MAX_CONNECTIONS,
                MAX_CONNECTIONS_PER_IP,
                MAX_CONNECTION_CREATION_RATE);
    }
}
