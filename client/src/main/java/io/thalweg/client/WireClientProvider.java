package io.thalweg.client;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.ClientProvider;
import io.thalweg.api.Thalweg;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportProvider;
import java.util.ServiceLoader;

/** Provides {@link WireClient} on the transport that is found on the module or class path. */
public final class WireClientProvider implements ClientProvider {

    private static final int EVENT_LOOPS = 1;

    /** For {@link ServiceLoader}. */
    public WireClientProvider() {}

    @Override
    public Thalweg connect(ClientConfig config) {
        var transport = open(config);
        try {
            return WireClient.owning(transport, config);
        } catch (RuntimeException e) {
            transport.close();
            throw e;
        }
    }

    private static Transport open(ClientConfig config) {
        var provider = ServiceLoader.load(TransportProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no transport found: put thalweg-transport-netty on the module or class path"));
        try {
            return provider.open(
                    new TransportContext("thalweg-client-network", EVENT_LOOPS, config.transportSettings()));
        } catch (TransportException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }
}
