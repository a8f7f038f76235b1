package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How a transport ends. */
interface LifeTests extends TransportTests {

    @Test
    @Verifies("TRANSPORT-2")
    default void closingTheTransportClosesWhatIsOpen() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var client = wire().connect(server.listener().endpoint());
        var accepted = server.accepted();

        wire().transport().close();
        wire().transport().close();

        assertThat(client.isClosed()).isTrue();
        assertThat(accepted.isClosed()).isTrue();
        assertThat(server.listener().connectionCount()).isZero();
        client.connection().close();
        server.listener().close();
    }

    @Test
    @Verifies("TRANSPORT-2")
    default void aClosedTransportRefusesToListenAndToConnect() {
        var endpoint = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new)
                .listener()
                .endpoint();
        wire().transport().close();

        assertThatThrownBy(() -> wire().connect(endpoint))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(endpoint.toString());
        assertThatThrownBy(() -> wire().serve(TransportLimits.DEFAULT, RecordingHandler::new))
                .hasCauseInstanceOf(TransportException.class);
    }

    @Test
    @Verifies("EVENTLOOP-3")
    default void theEventLoopsOfAClosedTransportRefuseTasks() throws InterruptedException {
        var loop = wire().link().client().connection().eventLoop();
        wire().transport().close();

        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }

    @Test
    @Verifies("TRANSPORT-2")
    default void aTransportMayBeClosedOnItsEventLoop() throws Exception {
        var link = wire().link();
        var closed = new CompletableFuture<Void>();

        link.client().onLoop(() -> {
            wire().transport().close();
            closed.complete(null);
        });

        closed.get(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS);
        link.client().cause();
        link.server().cause();
    }
}
