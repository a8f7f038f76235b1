package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.transport.TransportLimits;
import java.time.Duration;

/** Puts the settings of {@link TransportKeys} together. */
public final class ConnectionLimits {

    /** Longer than any process lives, and still a duration that timers can take. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    private ConnectionLimits() {}

    /** The limits of a listener; those that Kafka has no setting for are Thalweg's. */
    public static TransportLimits of(ConfigValues values) {
        var defaults = TransportLimits.DEFAULT;
        int frameBytes = values.value(TransportKeys.SOCKET_REQUEST_MAX_BYTES);
        long queuedBytes = values.value(TransportKeys.QUEUED_MAX_REQUEST_BYTES);
        long idleMillis = values.value(TransportKeys.CONNECTIONS_MAX_IDLE_MILLIS);
        var bytesInAll = queuedBytes > 0 ? queuedBytes : Math.max(defaults.maxBytesInAll(), frameBytes);
        return new TransportLimits(
                frameBytes,
                Math.min(bytesInAll, Math.max(defaults.maxBytesPerConnection(), frameBytes)),
                bytesInAll,
                values.value(TransportKeys.MAX_CONNECTIONS),
                values.value(TransportKeys.MAX_CONNECTIONS_PER_IP),
                idleMillis < 1 || idleMillis > NEVER.toMillis() ? NEVER : Duration.ofMillis(idleMillis),
                Duration.ofMillis(values.value(TransportKeys.SOCKET_REQUEST_TIMEOUT_MILLIS)),
                defaults.writableBytes());
    }
}
