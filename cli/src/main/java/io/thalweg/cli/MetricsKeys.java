package io.thalweg.cli;

import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;

/** Settings of the server that the broker inside it does not read. */
final class MetricsKeys {

    static final ConfigKey<String> LISTEN = ConfigKey.ofString("metrics.listen", null)
            .allowing(MetricsKeys::isEndpoint, "host:port")
            .documented("Where the server shows its meters to Prometheus, as host:port; port 0 takes a free one. Unset"
                    + " means nowhere.");

    private MetricsKeys() {}

    private static boolean isEndpoint(String text) {
        try {
            return !Endpoint.parse(text).host().isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static List<ConfigKey<?>> all() {
        return List.of(LISTEN);
    }
}
