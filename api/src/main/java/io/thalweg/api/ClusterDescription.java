package io.thalweg.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as it is now.
 *
 * @param controllerId the broker to send changes to; -1 if that is not known
 * @param brokers those that serve, by number
 */
public record ClusterDescription(String clusterId, int controllerId, List<Broker> brokers) {

    /** Copies the list. */
    public ClusterDescription {
        brokers = List.copyOf(brokers);
    }

    /** One broker; the rack is null if it has none. */
    public record Broker(
            int id, String host, int port, @Nullable String rack) {}
}
