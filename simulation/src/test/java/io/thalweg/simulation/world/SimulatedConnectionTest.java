package io.thalweg.simulation.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SimulatedConnectionTest {

    private static final Endpoint SERVER = new Endpoint("server", 9092);
    private static final TransportLimits LIMITS = TransportLimits.DEFAULT;

    private final Scheduler scheduler = new Scheduler(1);
    private final SimulatedNetwork network = new SimulatedNetwork(scheduler);
    private final SimulatedProcess client = new SimulatedProcess(scheduler, "client");
    private final SimulatedProcess server = new SimulatedProcess(scheduler, "server");
    private final End clientEnd = new End();
    private final End serverEnd = new End();

    /** What one end of the connection is told. */
    private static final class End implements ConnectionHandler {

        private @Nullable Connection connection;
        private int frames;
        private boolean isClosed;

        ConnectionHandler on(Connection opened) {
            connection = opened;
            return this;
        }

        Connection connection() {
            return Objects.requireNonNull(connection, "connection");
        }

        @Override
        public void received(Frame frame) {
            frames++;
            frame.close();
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {
            isClosed = true;
        }
    }

    @BeforeEach
    void connect() {
        network.of(server).listen(SERVER, LIMITS, serverEnd::on);
        network.of(client).connect(SERVER, LIMITS, clientEnd::on);
        pass();
    }

    private void pass() {
        scheduler.runFor(TimeUnit.SECONDS.toNanos(1));
    }

    private void send(End from) {
        from.connection().eventLoop().execute(() -> {
            var frame = from.connection().newFrame(4);
            frame.buffer().putInt(7);
            from.connection().send(frame);
        });
        pass();
    }

    @Test
    void anEndThatCouldNotBeToldIsToldOnceTheWayIsFree() {
        network.cut("server", "client");
        serverEnd.connection().close();
        pass();
        assertThat(clientEnd.isClosed).isFalse();

        network.heal();
        pass();

        assertThat(clientEnd.isClosed).isTrue();
    }

    @Test
    void whatWasSentBeforeTheEndArrivesBeforeIt() {
        network.cut("server", "client");
        send(serverEnd);
        serverEnd.connection().close();
        pass();

        network.heal();
        pass();

        assertThat(clientEnd.frames).isEqualTo(1);
        assertThat(clientEnd.isClosed).isTrue();
    }

    @Test
    void whoLostItsPowerTellsNobodyUntilItIsAsked() {
        server.killSilently();
        pass();
        assertThat(clientEnd.isClosed).isFalse();

        send(clientEnd);

        assertThat(clientEnd.isClosed).isTrue();
    }

    @Test
    void whoDiesIsNoticed() {
        server.kill();

        pass();

        assertThat(clientEnd.isClosed).isTrue();
    }

    @Test
    void aLoopOfOnesOwnHasItsConnectionsAndTimersUntilItIsClosed() {
        var loop = network.of(client).openLoop("own");
        var end = new End();
        loop.connect(SERVER, LIMITS, end::on);
        pass();
        var ran = new ArrayList<String>();
        loop.schedule(1_000, () -> ran.add("timer " + loop.isCurrent()));
        loop.execute(() -> ran.add("task " + loop.isCurrent()));
        loop.schedule(TimeUnit.HOURS.toNanos(1), () -> ran.add("due too late"));
        send(end);

        loop.close();
        scheduler.runFor(TimeUnit.HOURS.toNanos(2));

        assertThat(ran).containsExactlyInAnyOrder("timer true", "task true");
        assertThat(end.connection().eventLoop())
                .isNotSameAs(clientEnd.connection().eventLoop());
        assertThat(end.isClosed).isTrue();
        assertThat(serverEnd.frames).isEqualTo(1);
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
