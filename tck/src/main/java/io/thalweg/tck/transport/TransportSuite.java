package io.thalweg.tck.transport;

import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * The suite for transports. A plug-in's test class extends it and implements {@link #open}.
 *
 * <p>The tests stand in one interface for each subject, which this class gathers.
 */
public abstract class TransportSuite implements FrameTests, ConnectionTests {

    private @Nullable Wire wire;

    protected TransportSuite() {}

    /** Opens the transport to be tested; the suite closes it. */
    protected abstract Transport open(TransportContext context);

    /** A host of which the transport lets tests choose a port. */
    protected Endpoint endpoint() {
        return new Endpoint("127.0.0.1", 0);
    }

    @BeforeEach
    final void openTransport() {
        wire = new Wire(open(new TransportContext("tck", 2)), endpoint());
    }

    @AfterEach
    final void closeTransport() {
        if (wire != null) {
            wire.close();
        }
    }

    @Override
    public final Wire wire() {
        if (wire == null) {
            throw new IllegalStateException("the transport is not open");
        }
        return wire;
    }
}
