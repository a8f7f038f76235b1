package io.thalweg.client;

import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Frame;
import org.jspecify.annotations.Nullable;

/** Carries what a connection's event loop hears over to the client's thread. */
final class FrameRelay implements ConnectionHandler {

    private final BrokerConnection target;
    private final ClientRuntime runtime;

    FrameRelay(BrokerConnection target, ClientRuntime runtime) {
        this.target = target;
        this.runtime = runtime;
    }

    @Override
    public void received(Frame frame) {
        if (!runtime.executeUnlessEnded(() -> target.received(frame))) {
            frame.close();
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {
        runtime.executeUnlessEnded(() -> target.writabilityChanged(writable));
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        runtime.executeUnlessEnded(() -> target.lost(cause));
    }
}
