package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * When each broker was heard of last. Soft state, never logged: a new controller gives every broker a whole session. Owned by the
 * controller's event loop.
 */
final class BrokerSessions {

    private final Clock clock;
    private final Optional<Duration> timeout;
    private final TreeMap<Integer, Long> lastHeardNanos = new TreeMap<>();

    BrokerSessions(Clock clock, Optional<Duration> timeout) {
        this.clock = clock;
        this.timeout = timeout;
    }

    /** Starts a session for every broker that is not fenced. */
    void restart(MetadataImage image) {
        lastHeardNanos.clear();
        image.brokers().stream().filter(broker -> !broker.fenced()).forEach(broker -> heard(broker.id()));
    }

    void heard(int brokerId) {
        lastHeardNanos.put(brokerId, clock.nanos());
    }

    /** Whether the broker has been heard of within the session timeout. */
    boolean isAlive(int brokerId) {
        var last = lastHeardNanos.get(brokerId);
        return last != null
                && timeout.map(limit -> clock.nanos() - last < limit.toNanos()).orElse(true);
    }

    /** The brokers that are not fenced although their sessions have ended. */
    List<BrokerImage> ended(MetadataImage image) {
        return image.brokers().stream()
                .filter(broker -> !broker.fenced() && !isAlive(broker.id()))
                .toList();
    }
}
