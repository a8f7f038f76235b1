package io.thalweg.simulation.world;

import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Transport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A network between processes, which it knows by their names. What is sent arrives late, in order on each connection; while the way from
 * one to another is cut nothing arrives, and when it is healed what was sent in between does, as it would by being sent again. Owned by the
 * scheduler.
 */
public final class SimulatedNetwork {

    private static final long TYPICAL_LATENCY_NANOS = 300_000;

    private final Scheduler scheduler;
    private final Map<Endpoint, SimulatedListener> listeners = new HashMap<>();
    private final Set<Way> cuts = new HashSet<>();
    private final List<SimulatedConnection> connections = new ArrayList<>();
    private long latencyNanos = TYPICAL_LATENCY_NANOS;

    private record Way(String from, String to) {}

    /** A network on which all reach all. */
    public SimulatedNetwork(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** The network as this process sees it. */
    public Transport of(SimulatedProcess process) {
        return new SimulatedTransport(this, process);
    }

    /** From now on nothing that one sends reaches the other. */
    public void cut(String from, String to) {
        cuts.add(new Way(from, to));
    }

    /** Ends all cuts. */
    public void heal() {
        cuts.clear();
        List.copyOf(connections).forEach(SimulatedConnection::sendHeldBack);
    }

    /** Has everything take about so long. */
    public void setLatency(long nanos) {
        latencyNanos = nanos;
    }

    /** The typical time from one to another. */
    public static long typicalLatencyNanos() {
        return TYPICAL_LATENCY_NANOS;
    }

    /** Ends some of the connections that are open, as a router that forgot them does; each with the given probability. */
    public void reset(double probability) {
        for (var connection : List.copyOf(connections)) {
            if (scheduler.random().nextDouble() < probability) {
                connection.reset();
            }
        }
    }

    /**
     * Holds up what some of the ends send from now on, each with the given probability, for up to so long. Half of those ends are lost
     * meanwhile: who sends tries again on another connection, and what was sent on this one comes late, behind what is sent then.
     */
    public void delay(double probability, long mostNanos) {
        var random = scheduler.random();
        for (var connection : List.copyOf(connections)) {
            if (random.nextDouble() < probability) {
                var nanos = 1 + random.nextLong(mostNanos);
                connection.delay(nanos);
                if (random.nextBoolean()) {
                    connection.resetAfter(random.nextLong(nanos));
                }
            }
        }
    }

    /** Holds up for so long what a process sends from now on to any other than this one. */
    public void delay(String from, String exceptTo, long nanos) {
        connections.stream().filter(each -> each.leads(from, exceptTo)).forEach(each -> each.delay(nanos));
    }

    boolean isCut(SimulatedProcess from, SimulatedProcess to) {
        return !cuts.isEmpty() && cuts.contains(new Way(from.toString(), to.toString()));
    }

    /** Mostly short, now and then ten times as long. */
    long latency() {
        var random = scheduler.random();
        var bound = (int) Math.min(Integer.MAX_VALUE, latencyNanos);
        return random.nextInt(50) == 0 ? 10L * random.nextInt(bound) : bound / 4 + random.nextInt(bound);
    }

    @Nullable SimulatedListener listenerAt(Endpoint endpoint) {
        return listeners.get(endpoint);
    }

    void bind(SimulatedListener listener) {
        listeners.put(listener.endpoint(), listener);
    }

    void unbind(SimulatedListener listener) {
        listeners.remove(listener.endpoint(), listener);
    }

    void closeAllOn(SimulatedEventLoop loop) {
        for (var connection : List.copyOf(connections)) {
            if (connection.eventLoop() == loop) {
                connection.close();
            }
        }
    }

    void opened(SimulatedConnection connection) {
        connections.add(connection);
    }

    void closed(SimulatedConnection connection) {
        connections.remove(connection);
    }
}
