package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.Verifies;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

/** What a listener lets in. */
interface ListenerTests extends TransportTests {

    @Test
    default void aPortOfZeroIsChosen() throws InterruptedException {
        var one = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var other = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);

        var client = wire().connect(other.listener().endpoint());

        client.send(new byte[2]);
        assertThat(other.accepted().next()).hasSize(2);
        assertThat(one.listener().endpoint().port()).isNotZero();
        assertThat(other.listener().endpoint()).isNotEqualTo(one.listener().endpoint());
        assertThat(one.listener().connectionCount()).isZero();
    }

    @Test
    @Verifies("TRANSPORT-1")
    default void listeningTwiceFailsWithTheEndpoint() {
        var endpoint = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new)
                .listener()
                .endpoint();

        assertThatThrownBy(() ->
                        Wire.await(wire().transport().listen(endpoint, TransportLimits.DEFAULT, RecordingHandler::new)))
                .hasCauseInstanceOf(TransportException.class)
                .hasMessageContaining(endpoint.toString());
    }

    @Test
    @Verifies("LISTENER-1")
    default void anEndpointIsFreeOnceItsListenerIsClosed() throws InterruptedException {
        for (var round = 0; round < 20; round++) {
            var first = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
            var endpoint = first.listener().endpoint();
            var link = wire().connect(endpoint);
            first.listener().close();
            first.listener().close();

            var second =
                    Wire.await(wire().transport().listen(endpoint, TransportLimits.DEFAULT, RecordingHandler::new));

            assertThat(second.endpoint()).isEqualTo(endpoint);
            second.close();
            link.connection().close();
        }
    }

    @Test
    @Verifies({"LISTENER-1", "LISTENER-2"})
    default void connectionsOutliveTheirListener() throws InterruptedException {
        var server = wire().serve(TransportLimits.DEFAULT, RecordingHandler::new);
        var client = wire().connect(server.listener().endpoint());
        var accepted = server.accepted();

        server.listener().close();

        client.send(new byte[9]);
        assertThat(accepted.next()).hasSize(9);
        assertThatThrownBy(() -> wire().connect(server.listener().endpoint()))
                .hasCauseInstanceOf(TransportException.class);
    }

    @Test
    @Verifies({"LIMITS-4", "LISTENER-3"})
    default void connectionsBeyondTheLimitAreClosedAtOnce() throws InterruptedException {
        var server = wire().serve(Limits.with().maxConnections(2).get(), RecordingHandler::new);
        var endpoint = server.listener().endpoint();
        var first = wire().connect(endpoint);
        wire().connect(endpoint);
        server.accepted();
        server.accepted();

        wire().connect(endpoint).cause();

        assertThat(server.listener().connectionCount()).isEqualTo(2);
        assertThat(server.listener().refusedCount()).isEqualTo(1);
        first.connection().close();
        Wire.until("a place is free", () -> server.listener().connectionCount() == 1);
        wire().connect(endpoint).send(new byte[6]);
        assertThat(server.accepted().next()).hasSize(6);
    }

    @Test
    @Verifies({"LIMITS-5", "LISTENER-3"})
    default void connectionsOfOneAddressBeyondTheLimitAreClosedAtOnce() throws InterruptedException {
        var server = wire().serve(Limits.with().maxConnectionsPerAddress(1).get(), RecordingHandler::new);
        var endpoint = server.listener().endpoint();
        var first = wire().connect(endpoint);
        server.accepted();

        wire().connect(endpoint).cause();

        assertThat(server.listener().refusedCount()).isEqualTo(1);
        first.connection().close();
        Wire.until("the place is free", () -> server.listener().connectionCount() == 0);
        wire().connect(endpoint).send(new byte[6]);
        assertThat(server.accepted().next()).hasSize(6);
    }

    @Test
    @Verifies("LIMITS-1")
    default void aFrameBeyondTheLimitClosesItsConnectionOnly() throws InterruptedException {
        var server = wire().serve(Limits.with().maxFrameBytes(1_000).get(), RecordingHandler::new);
        var good = wire().connect(server.listener().endpoint());
        var goodServer = server.accepted();
        var bad = wire().connect(server.listener().endpoint());
        var badServer = server.accepted();

        bad.send(new byte[1_000]);
        bad.send(new byte[1_001]);

        assertThat(badServer.next()).hasSize(1_000);
        assertThat(badServer.cause())
                .hasValueSatisfying(cause -> assertThat(cause)
                        .hasMessageContaining("1001")
                        .hasMessageContaining("1000")
                        .hasMessageContaining(badServer.connection().remote().toString()));
        bad.cause();
        good.send(new byte[1_000]);
        assertThat(goodServer.next()).hasSize(1_000);
    }

    @Test
    @Verifies("FRAME-3")
    default void aFrameOutlivesItsConnection() throws InterruptedException {
        var frames = new LinkedBlockingQueue<Frame>();
        var link = wire().link(TransportLimits.DEFAULT, Wire.keeping(frames));
        link.client().send(new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        var frame = frames.take();
        link.client().connection().close();
        link.server().cause();

        var bytes = frame.bytes();

        assertThat(bytes.remaining()).isEqualTo(8);
        assertThat(bytes.getLong()).isEqualTo(0x0102030405060708L);
        assertThat(frame.bytes()).isSameAs(bytes);
        frame.close();
        assertThatThrownBy(frame::bytes).isInstanceOf(IllegalStateException.class);
    }
}
