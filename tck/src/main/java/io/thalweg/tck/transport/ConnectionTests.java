package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import org.junit.jupiter.api.Test;

/** How connections begin and end. */
interface ConnectionTests extends TransportTests {

    @Test
    @Verifies("CONNECTION-3")
    default void whatWasSentBeforeCloseStillArrives() throws InterruptedException {
        var link = wire().link();

        link.client().onLoop(() -> {
            for (var number = 0; number < 1_000; number++) {
                link.client().connection().send(link.client().connection().newFrame(8));
            }
            link.client().connection().close();
        });

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.client().cause()).isEmpty();
        assertThat(link.server().waitingCount()).isEqualTo(1_000);
    }

    @Test
    @Verifies({"CONNECTION-3", "HANDLER-4"})
    default void closingAgainChangesNothing() throws InterruptedException {
        var link = wire().link();

        link.client().connection().close();
        link.client().connection().close();

        assertThat(link.server().cause()).isEmpty();
        assertThat(link.client().cause()).isEmpty();
        link.client().connection().close();
        assertThat(link.client().closedCount()).isEqualTo(1);
    }

    @Test
    @Verifies("TRANSPORT-1")
    default void connectingWhereNobodyListensFailsWithTheEndpoint() {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var endpoint = server.listener().endpoint();
        server.listener().close();

        assertThatThrownBy(() -> wire().connect(endpoint))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(endpoint.toString());
    }
}
