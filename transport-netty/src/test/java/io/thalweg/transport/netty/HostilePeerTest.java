package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Peers that do not speak the protocol, or speak it with bad intent, over plain sockets. */
final class HostilePeerTest {

    private static final int MAX_FRAME_BYTES = 100 << 20;
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);

    private final CountedMemory memory = new CountedMemory();
    private final NettyTransport transport =
            NettyTransport.open(new TransportContext("hostile", 2), Sockets.best(), memory.allocator());
    private final BlockingQueue<Heard> accepted = new LinkedBlockingQueue<>();
    private final List<Socket> peers = new ArrayList<>();

    @AfterEach
    void everythingIsGivenBack() throws IOException {
        for (var peer : peers) {
            peer.close();
        }
        transport.close();
        assertThat(memory.usedBytes()).isZero();
    }

    private Listener listen(Duration frameTimeout) throws Exception {
        var limits = new TransportLimits(
                MAX_FRAME_BYTES, 1 << 20, 8 << 20, Integer.MAX_VALUE, Integer.MAX_VALUE, LONG, frameTimeout, 1 << 20);
        return transport
                .listen(new Endpoint("127.0.0.1", 0), limits, connection -> {
                    var heard = new Heard(connection);
                    accepted.add(heard);
                    return heard;
                })
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
    }

    private Socket connect(Listener listener) throws IOException {
        var peer =
                new Socket(InetAddress.getLoopbackAddress(), listener.endpoint().port());
        peers.add(peer);
        return peer;
    }

    private static void announce(Socket peer, int length, int payloadBytes) throws IOException {
        var bytes = ByteBuffer.allocate(Integer.BYTES + payloadBytes).putInt(length);
        peer.getOutputStream().write(bytes.array());
    }

    private static String causeOf(Heard heard) throws Exception {
        return String.valueOf(
                heard.closed.get(30, TimeUnit.SECONDS).orElseThrow().getMessage());
    }

    @Test
    void anOversizedAnnouncementClosesTheConnection() throws Exception {
        var peer = connect(listen(LONG));

        announce(peer, MAX_FRAME_BYTES + 1, 0);

        assertThat(causeOf(accepted.take())).contains("frame of 104857601 bytes announced", "0 to 104857600");
        assertThat(peer.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void aNegativeLengthClosesTheConnection() throws Exception {
        var peer = connect(listen(LONG));

        announce(peer, -2, 100);

        assertThat(causeOf(accepted.take())).contains("frame of -2 bytes announced");
    }

    @Test
    void framesSentByteByByteArrive() throws Exception {
        var peer = connect(listen(LONG));
        peer.setTcpNoDelay(true);

        for (var octet : new int[] {0, 0, 0, 2, 7, 8, 0, 0, 0, 0, 0, 0, 0, 1, 9}) {
            peer.getOutputStream().write(octet);
        }

        var heard = accepted.take();
        assertThat(heard.payloads.take()).containsExactly(7, 8);
        assertThat(heard.payloads.take()).isEmpty();
        assertThat(heard.payloads.take()).containsExactly(9);
    }

    @Test
    void aFrameThatDoesNotGetOnClosesItsConnection() throws Exception {
        var listener = listen(SHORT);

        announce(connect(listener), 1_000, 10);

        assertThat(causeOf(accepted.take())).contains("only 10 of the 1000 bytes of a frame came within PT0.2S");
    }

    @Test
    void aLengthThatDoesNotGetOnClosesItsConnection() throws Exception {
        var listener = listen(SHORT);

        connect(listener).getOutputStream().write(new byte[3]);

        assertThat(causeOf(accepted.take())).contains("only 3 of the 4 bytes of a length came");
    }

    @Test
    void aConnectionBetweenFramesOutlivesTheFrameTimeout() throws Exception {
        var listener = listen(SHORT);
        var quiet = connect(listener);
        announce(quiet, 1, 1);
        var quietHeard = accepted.take();
        assertThat(quietHeard.payloads.take()).hasSize(1);

        announce(connect(listener), 1_000, 10);
        causeOf(accepted.take());

        announce(quiet, 2, 2);
        assertThat(quietHeard.payloads.take()).hasSize(2);
    }

    @Test
    void aPeerThatLeavesInTheMiddleOfAFrameIsACauseToHear() throws Exception {
        var peer = connect(listen(LONG));

        announce(peer, 1_000, 999);
        peer.close();

        assertThat(causeOf(accepted.take())).contains("999 of the 1000 bytes of a frame");
    }

    @Test
    void aResetIsHeardWhileReadingIsStopped() throws Exception {
        var peer = connect(listen(LONG));
        var heard = accepted.take();
        heard.reading(false);
        announce(peer, 100_000, 100_000);

        peer.setSoLinger(true, 0);
        peer.close();

        // With NIO a channel that is not read from tells nothing.
        assumeThat(transport.socketsName()).isEqualTo("epoll");
        assertThat(causeOf(heard)).contains("reset");
    }

    @Test
    void aPeerThatClosesItsSideWhileReadingIsStoppedCannotFillTheMemory() throws Exception {
        var listener = listen(LONG);
        for (var count = 0; count < 50; count++) {
            var peer = connect(listener);
            accepted.take().reading(false);
            announce(peer, 60_000, 60_000);
            announce(peer, 60_000, 60_000);
            peer.shutdownOutput();
        }

        var late = connect(listener);
        announce(late, 5, 5);

        assertThat(accepted.take().payloads.take()).hasSize(5);
        assertThat(memory.usedBytes()).isLessThan(1 << 20);
    }

    @Test
    void aThousandConnectionsThatAnnounceMuchAndSendLittleCostLittle() throws Exception {
        var listener = listen(LONG);
        for (var count = 0; count < 1_000; count++) {
            announce(connect(listener), MAX_FRAME_BYTES, 1);
        }

        await().until(() -> memory.usedBytes() >= 1_000);

        assertThat(memory.usedBytes()).isLessThanOrEqualTo(1_000 * (4 << 10) + (1 << 20));
        var good = connect(listener);
        announce(good, 3, 3);
        await().until(() -> accepted.stream().anyMatch(heard -> heard.payloads.size() == 1));
    }

    @Test
    void fiveThousandIdleConnectionsCostNoBuffers() throws Exception {
        assumeThat(maxOpenFiles()).as("descriptors this process may open").isGreaterThan(11_000);
        var listener = listen(LONG);
        var good = connect(listener);
        announce(good, 1, 1);
        var goodHeard = accepted.take();
        goodHeard.payloads.take();

        for (var count = 1; count < 5_000; count++) {
            connect(listener);
        }

        await().atMost(Duration.ofSeconds(30)).until(() -> listener.connectionCount() == 5_000);
        assertThat(memory.usedBytes()).isZero();
        announce(good, 2, 2);
        assertThat(goodHeard.payloads.take()).hasSize(2);
    }

    private static long maxOpenFiles() throws IOException {
        var limits = Path.of("/proc/self/limits");
        if (!Files.exists(limits)) {
            return 0;
        }
        try (var lines = Files.lines(limits)) {
            var soft = lines.filter(line -> line.startsWith("Max open files"))
                    .map(line -> new Scanner(line).skip("Max open files").next())
                    .findFirst()
                    .orElse("0");
            return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
        }
    }

    /** Keeps what a connection heard. */
    private static final class Heard implements ConnectionHandler {

        private final Connection connection;
        private final BlockingQueue<byte[]> payloads = new LinkedBlockingQueue<>();
        private final CompletableFuture<Optional<Throwable>> closed = new CompletableFuture<>();

        private Heard(Connection connection) {
            this.connection = connection;
        }

        void reading(boolean wanted) throws Exception {
            var done = new CompletableFuture<Void>();
            connection.eventLoop().execute(() -> {
                connection.reading(wanted);
                done.complete(null);
            });
            done.get(30, TimeUnit.SECONDS);
        }

        @Override
        public void received(Frame frame) {
            try (frame) {
                var bytes = new byte[frame.bytes().remaining()];
                frame.bytes().get(bytes);
                payloads.add(bytes);
            }
        }

        @Override
        public void writabilityChanged(boolean writable) {}

        @Override
        public void closed(@Nullable Throwable cause) {
            closed.complete(Optional.ofNullable(cause));
        }
    }
}
