package io.thalweg.broker.peer;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Transport;

/**
 * What the ways to other brokers are made with.
 *
 * @param clientId what this broker calls itself in its requests
 */
public record PeerRuntime(Transport transport, Clock clock, Timers timers, String clientId) {}
