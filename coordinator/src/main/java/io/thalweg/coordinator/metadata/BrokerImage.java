package io.thalweg.coordinator.metadata;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A registered broker.
 *
 * @param id the node id
 * @param incarnationId new each time the broker's process starts
 * @param epoch new with each registration, ascending over all brokers; what it says under an older one is refused
 * @param endpoints one for each listener, in the order registered
 * @param directories the ids of its log directories; whoever presents them holds their locks
 * @param rack where it stands; null if not told
 * @param fenced whether it may not lead; a new incarnation is fenced until its first heartbeat that wants otherwise
 */
public record BrokerImage(
        int id,
        UUID incarnationId,
        long epoch,
        List<BrokerEndpoint> endpoints,
        List<UUID> directories,
        @Nullable String rack,
        boolean fenced) {

    public BrokerImage {
        endpoints = List.copyOf(endpoints);
        directories = List.copyOf(directories);
    }

    public Optional<BrokerEndpoint> endpoint(String listener) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.listener().equals(listener))
                .findFirst();
    }

    public BrokerImage withFenced(boolean isFenced) {
        return new BrokerImage(id, incarnationId, epoch, endpoints, directories, rack, isFenced);
    }
}
