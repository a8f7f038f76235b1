package io.thalweg.broker;

import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportProvider;
import java.util.ServiceLoader;

/** Finds the transport that is on the module or class path. */
final class Transports {

    private Transports() {}

    static Transport open(String name, int eventLoops) {
        return ServiceLoader.load(TransportProvider.class)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "no transport found: put thalweg-transport-netty on the module or class path, or give one to the builder"))
                .open(new TransportContext(name, eventLoops));
    }
}
