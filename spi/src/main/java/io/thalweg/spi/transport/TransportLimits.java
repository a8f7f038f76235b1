package io.thalweg.spi.transport;

import java.time.Duration;

/**
 * What the connections of a listener may take. Memory is charged for bytes received, never for the length a peer announces.
 *
 * @param maxFrameBytes a frame announced longer than this closes its connection (LIMITS-1)
 * @param maxBytesPerConnection reading from a connection pauses while frames given and not yet closed hold this many bytes
 *     (LIMITS-2)
 * @param maxBytesInAll the same over all connections of the listener (LIMITS-3)
 * @param maxConnections further ones are closed at once (LIMITS-4)
 * @param maxConnectionsPerAddress the same for one remote address (LIMITS-5)
 * @param idleTimeout a connection over which nothing went for this long is closed (LIMITS-6)
 * @param frameTimeout a frame that is begun and not complete after this long closes its connection (LIMITS-7)
 * @param writableBytes a connection ceases to be writable when more than this many bytes wait to be sent
 */
public record TransportLimits(
        int maxFrameBytes,
        long maxBytesPerConnection,
        long maxBytesInAll,
        int maxConnections,
        int maxConnectionsPerAddress,
        Duration idleTimeout,
        Duration frameTimeout,
        int writableBytes) {

    /** For tests and clients: Kafka's frame and idle limits, no limit on connections. */
    public static final TransportLimits DEFAULT = new TransportLimits(
            100 << 20,
            128L << 20,
            512L << 20,
            Integer.MAX_VALUE,
            Integer.MAX_VALUE,
            Duration.ofMinutes(10),
            Duration.ofSeconds(30),
            1 << 20);
}
