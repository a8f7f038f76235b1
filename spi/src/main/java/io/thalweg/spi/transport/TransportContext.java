package io.thalweg.spi.transport;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a transport is built with.
 *
 * @param name begins the names of its threads
 * @param eventLoops how many event loops share the connections
 * @param settings by the names Kafka's clients and brokers have for them, such as {@code security.protocol}; a transport refuses those that
 *     it does not know (TRANSPORT-4)
 */
public record TransportContext(String name, int eventLoops, Map<String, String> settings) {

    public TransportContext {
        if (eventLoops < 1) {
            throw new IllegalArgumentException(
                    "transport " + name + " with " + eventLoops + " event loops: expected 1 or more");
        }
        settings = Map.copyOf(settings);
    }

    /** Without settings. */
    public TransportContext(String name, int eventLoops) {
        this(name, eventLoops, Map.of());
    }

    /**
     * Refuses what a transport does not know.
     *
     * @throws TransportException that names the settings that are not among these
     */
    public void expectOnly(Set<String> known) {
        var unknown = new TreeSet<>(settings.keySet());
        unknown.removeAll(known);
        if (!unknown.isEmpty()) {
            throw new TransportException(
                    "transport " + name + " with unknown settings " + unknown + "; it knows "
                            + (known.isEmpty() ? "none" : new TreeSet<>(known)),
                    null);
        }
    }
}
