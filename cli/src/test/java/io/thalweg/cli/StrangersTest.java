package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.Endpoint;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log of a server says of those who speak something else. */
final class StrangersTest {

    private static final Logger TRANSPORT = Logger.getLogger("io.thalweg.transport.netty");

    @TempDir
    private Path directory;

    private final Kept kept = new Kept();

    private static final class Kept extends Handler {

        private final BlockingQueue<LogRecord> records = new LinkedBlockingQueue<>();

        @Override
        public void publish(LogRecord logged) {
            if (logged.getLevel().intValue() >= Level.WARNING.intValue()) {
                records.add(logged);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    @AfterEach
    void listenNoMore() {
        TRANSPORT.removeHandler(kept);
    }

    @Test
    void eachIsToldOfInOneLineThatSaysWhoAndWhat() throws Exception {
        var settings = PlainServerArguments.read("--listen", "127.0.0.1:0", "--data", directory.toString())
                .orElseThrow();
        try (var running = new Server(settings, new CapturedTerminal("").terminal()).start()) {
            TRANSPORT.addHandler(kept); // Only now: a start takes all handlers away.
            var broker = Endpoint.parse(running.broker().bootstrap());

            var http = send(broker, "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            var tls = send(broker, new byte[] {0x16, 3, 1, 2, 0, 1});

            assertThat(next()).contains("127.0.0.1:" + http, "HTTP", "port");
            assertThat(next()).contains("127.0.0.1:" + tls, "TLS", "security.protocol");
        }
        assertThat(kept.records).isEmpty();
    }

    private String next() throws InterruptedException {
        var logged = kept.records.poll(30, TimeUnit.SECONDS);
        assertThat(logged).as("a line of the log").isNotNull();
        return new Logging.OneLine().format(logged);
    }

    /** Sends this and waits until the server has closed the connection; tells the port it came from. */
    private static int send(Endpoint broker, byte[] bytes) throws IOException {
        try (var socket = new Socket(broker.host(), broker.port())) {
            socket.getOutputStream().write(bytes);
            assertThat(socket.getInputStream().read()).isNegative();
            return socket.getLocalPort();
        }
    }
}
