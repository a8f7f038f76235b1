package io.thalweg.broker.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.transport.TransportLimits;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ConnectionLimitsTest {

    @Test
    void withoutSettingsTheDefaultsOfTheTransportCount() {
        assertThat(ConnectionLimits.of(ConfigValues.empty())).isEqualTo(TransportLimits.DEFAULT);
    }

    @Test
    void settingsReachTheTransport() {
        var limits = ConnectionLimits.of(ConfigValues.of(Map.of(
                "socket.request.max.bytes", "1000",
                "queued.max.request.bytes", "5000",
                "max.connections", "7",
                "max.connections.per.ip", "3",
                "connections.max.idle.ms", "250",
                "socket.request.timeout.ms", "40")));

        assertThat(limits.maxFrameBytes()).isEqualTo(1000);
        assertThat(limits.maxBytesPerConnection()).isEqualTo(5000);
        assertThat(limits.maxBytesInAll()).isEqualTo(5000);
        assertThat(limits.maxConnections()).isEqualTo(7);
        assertThat(limits.maxConnectionsPerAddress()).isEqualTo(3);
        assertThat(limits.idleTimeout()).isEqualTo(Duration.ofMillis(250));
        assertThat(limits.frameTimeout()).isEqualTo(Duration.ofMillis(40));
    }

    @Test
    void aHugeFrameStillFits() {
        var limits = ConnectionLimits.of(ConfigValues.of(Map.of("socket.request.max.bytes", "2147483647")));

        assertThat(limits.maxBytesPerConnection()).isEqualTo(Integer.MAX_VALUE);
        assertThat(limits.maxBytesInAll()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void connectionsMayBeIdleForEver() {
        var limits = ConnectionLimits.of(ConfigValues.of(Map.of("connections.max.idle.ms", "-1")));

        assertThat(limits.idleTimeout()).isGreaterThan(Duration.ofDays(3650));
    }
}
