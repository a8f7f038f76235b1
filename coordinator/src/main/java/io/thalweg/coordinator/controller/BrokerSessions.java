package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * When each broker was heard of last, and which of them are about to leave. Soft state, never logged: a new controller gives every broker a
 * whole session, and those that leave say so again. Owned by the controller's event loop.
 */
final class BrokerSessions {

    private final Clock clock;
    private final Optional<Duration> timeout;
    private final TreeMap<Integer, Long> lastHeardNanos = new TreeMap<>();
    private final TreeSet<Integer> leaving = new TreeSet<>();
    private long lastCheckNanos;

    BrokerSessions(Clock clock, Optional<Duration> timeout) {
        this.clock = clock;
        this.timeout = timeout;
    }

    /** Whether brokers can be lost; not so where the only one is in this process. */
    boolean canEnd() {
        return timeout.isPresent();
    }

    /** Starts a session for every broker that is not fenced. */
    void restart(MetadataImage image) {
        lastHeardNanos.clear();
        leaving.clear();
        lastCheckNanos = clock.nanos();
        image.brokers().stream().filter(broker -> !broker.fenced()).forEach(broker -> heard(broker.id()));
    }

    void heard(int brokerId) {
        lastHeardNanos.put(brokerId, clock.nanos());
    }

    /** The broker's process has ended. */
    void ended(int brokerId) {
        lastHeardNanos.remove(brokerId);
    }

    /** The broker is another one from now on. */
    void registered(int brokerId) {
        leaving.remove(brokerId);
        heard(brokerId);
    }

    /** The broker says whether it is about to stop. */
    void leaving(int brokerId, boolean isLeaving) {
        if (isLeaving) {
            leaving.add(brokerId);
        } else {
            leaving.remove(brokerId);
        }
    }

    boolean isLeaving(int brokerId) {
        return leaving.contains(brokerId);
    }

    /** Whether the broker has been heard of within the session timeout. */
    boolean isAlive(int brokerId) {
        var last = lastHeardNanos.get(brokerId);
        return last != null
                && timeout.map(limit -> clock.nanos() - last < limit.toNanos()).orElse(true);
    }

    /**
     * The brokers that are not fenced although their sessions have ended. Where this node itself stood still, what brokers said meanwhile
     * still waits: that time does not count.
     */
    List<BrokerImage> ended(MetadataImage image) {
        var now = clock.nanos();
        var pause = now - lastCheckNanos;
        lastCheckNanos = now;
        if (timeout.filter(limit -> 2 * pause > limit.toNanos()).isPresent()) {
            lastHeardNanos.replaceAll((broker, last) -> Math.min(now, last + pause));
        }
        return image.brokers().stream()
                .filter(broker -> !broker.fenced() && !isAlive(broker.id()))
                .toList();
    }
}
