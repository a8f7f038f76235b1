package io.thalweg.spi.transport;

/**
 * What a transport is built with.
 *
 * @param name begins the names of its threads
 * @param eventLoops how many event loops share the connections
 */
public record TransportContext(String name, int eventLoops) {

    public TransportContext {
        if (eventLoops < 1) {
            throw new IllegalArgumentException(
                    "transport " + name + " with " + eventLoops + " event loops: expected 1 or more");
        }
    }
}
