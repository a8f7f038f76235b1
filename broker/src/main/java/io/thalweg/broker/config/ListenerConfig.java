package io.thalweg.broker.config;

import io.thalweg.spi.transport.Endpoint;

/**
 * One listener.
 *
 * @param name in upper case
 * @param protocol what it speaks
 * @param bind where it listens; an empty host means every address of the machine
 * @param advertised where others are told to connect; its port is 0 when {@code bind} has port 0
 */
public record ListenerConfig(String name, SecurityProtocol protocol, Endpoint bind, Endpoint advertised) {

    /** The same, once it is known where it really listens: an advertised port 0 becomes the real one. */
    public ListenerConfig boundTo(Endpoint real) {
        var seen = advertised.port() == 0 ? new Endpoint(advertised.host(), real.port()) : advertised;
        return new ListenerConfig(name, protocol, real, seen);
    }
}
