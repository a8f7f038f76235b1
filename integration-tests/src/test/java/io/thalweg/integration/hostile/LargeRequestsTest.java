package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.Broker;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many clients that begin large requests at once, against a broker that takes in few bytes in all. */
final class LargeRequestsTest {

    private static final int CLIENTS = 20;
    private static final int ANNOUNCED_BYTES = 8 << 20;
    private static final int SENT_BYTES = 7 << 20;
    /** The allowance, in buffers that may be twice as large, and one whole request beyond it; all clients together send more. */
    private static final long BOUND_BYTES = 96L << 20;

    private final Queue<Exception> failures = new ConcurrentLinkedQueue<>();
    private Broker broker;

    @BeforeEach
    void start(@TempDir Path directory) {
        broker = Broker.builder()
                .storage(FileStorage.at(directory))
                .listen("127.0.0.1:0")
                .config("socket.request.max.bytes", Integer.toString(ANNOUNCED_BYTES))
                .config("queued.max.request.bytes", Integer.toString(2 * ANNOUNCED_BYTES))
                .config("socket.request.timeout.ms", "1000")
                .start();
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void memoryStaysWithinTheAllowanceAndEveryClientIsHungUpOn() throws Exception {
        var before = Memory.nettyBytes();
        var threads = new ArrayList<Thread>();
        for (var number = 0; number < CLIENTS; number++) {
            var thread = new Thread(this::sendHalf, "half-" + number);
            thread.start();
            threads.add(thread);
        }

        for (var thread : threads) {
            while (thread.isAlive()) {
                assertThat(Memory.nettyBytes() - before).isLessThan(BOUND_BYTES);
                thread.join(5);
            }
        }

        assertThat(failures).isEmpty();
        try (var client = RawClient.connect(broker.bootstrap())) {
            assertThat(client.ask(new ApiVersionsRequest("late", "1"), 3)).isNotNull();
        }
    }

    private void sendHalf() {
        try (var client = RawClient.connect(broker.bootstrap())) {
            client.send(RawClient.announced(ANNOUNCED_BYTES, new byte[SENT_BYTES]));
            client.bytesUntilHungUp();
        } catch (IOException e) {
            failures.add(e);
        }
    }
}
