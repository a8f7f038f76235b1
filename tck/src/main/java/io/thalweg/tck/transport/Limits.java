package io.thalweg.tck.transport;

import io.thalweg.spi.transport.TransportLimits;
import java.time.Duration;

/** The default limits with some changed. */
final class Limits {

    private int maxFrameBytes = TransportLimits.DEFAULT.maxFrameBytes();
    private long maxBytesPerConnection = TransportLimits.DEFAULT.maxBytesPerConnection();
    private long maxBytesInAll = TransportLimits.DEFAULT.maxBytesInAll();
    private int maxConnections = TransportLimits.DEFAULT.maxConnections();
    private int maxConnectionsPerAddress = TransportLimits.DEFAULT.maxConnectionsPerAddress();
    private Duration idleTimeout = TransportLimits.DEFAULT.idleTimeout();
    private int writableBytes = TransportLimits.DEFAULT.writableBytes();

    private Limits() {}

    static Limits with() {
        return new Limits();
    }

    Limits maxFrameBytes(int bytes) {
        maxFrameBytes = bytes;
        return this;
    }

    Limits maxBytesPerConnection(long bytes) {
        maxBytesPerConnection = bytes;
        return this;
    }

    Limits maxBytesInAll(long bytes) {
        maxBytesInAll = bytes;
        return this;
    }

    Limits maxConnections(int count) {
        maxConnections = count;
        return this;
    }

    Limits maxConnectionsPerAddress(int count) {
        maxConnectionsPerAddress = count;
        return this;
    }

    Limits idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    Limits writableBytes(int bytes) {
        writableBytes = bytes;
        return this;
    }

    TransportLimits get() {
        return new TransportLimits(
                maxFrameBytes,
                maxBytesPerConnection,
                maxBytesInAll,
                maxConnections,
                maxConnectionsPerAddress,
                idleTimeout,
                TransportLimits.DEFAULT.frameTimeout(),
                writableBytes);
    }
}
