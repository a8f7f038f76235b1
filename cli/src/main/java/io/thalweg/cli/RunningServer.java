package io.thalweg.cli;

import io.thalweg.broker.Broker;
import org.jspecify.annotations.Nullable;

/**
 * A server that serves.
 *
 * @param metrics where it shows its meters, or null if it does not
 */
record RunningServer(Broker broker, @Nullable MetricsEndpoint metrics) implements AutoCloseable {

    @Override
    public void close() {
        if (metrics != null) {
            metrics.close();
        }
        broker.close();
    }
}
