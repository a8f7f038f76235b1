package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.integration.wire.RawClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that are no frames, and frames that are too long, never end or come too slowly: the broker hangs up. */
final class HostileFramesTest {

    @RegisterExtension
    private static final Scene scene = new Scene();

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "\u0016\u0003\u0001\u0002\u0000\u0001", "~~~~~~~~"})
    void otherProtocolsAreHungUpOn(String greeting) throws Exception {
        try (var client = scene.connect()) {
            client.send(greeting.getBytes(StandardCharsets.ISO_8859_1));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Scene.MAX_REQUEST_BYTES + 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE})
    void aLengthOutOfRangeIsHungUpOn(int length) throws Exception {
        try (var client = scene.connect()) {
            client.send(RawClient.announced(length, new byte[0]));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 7, 8, 9})
    void aFrameTooShortForAHeaderIsHungUpOn(int bytes) throws Exception {
        try (var client = scene.connect()) {
            client.send(RawClient.framed(Arrays.copyOf(new byte[] {0, 3, 0, 8}, bytes)));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @Test
    void framesOfRandomBytesAreHungUpOn() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        var random = new Random(seed);
        for (var number = 0; number < 500; number++) {
            var payload = new byte[random.nextInt(1 << random.nextInt(17))];
            random.nextBytes(payload);
            if (payload.length > 0) {
                payload[0] |= 0x40; // far from the keys of APIs
            }
            try (var client = scene.connect()) {
                client.send(RawClient.framed(payload));

                assertThat(client.bytesUntilHungUp())
                        .as("frame %d of -Dseed=%d", number, seed)
                        .isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, 5, 1_000})
    void aFrameThatStopsHalfwayIsHungUpOn(int bytes) throws Exception {
        try (var client = scene.connect()) {
            client.send(Arrays.copyOf(RawClient.announced(2_000, new byte[1_000]), bytes));

            assertThat(client.bytesUntilHungUp()).isZero();
        }
    }

    @Test
    void theLengthThatManyAnnounceTakesNoMemory() throws Exception {
        var before = Memory.nettyBytes();
        var clients = new RawClient[400];
        for (var number = 0; number < clients.length; number++) {
            clients[number] = scene.connect();
            clients[number].send(RawClient.announced(Scene.MAX_REQUEST_BYTES, new byte[100]));
        }

        for (var client : clients) {
            assertThat(Memory.nettyBytes() - before).isLessThan(Memory.BOUND_BYTES);
            assertThat(client.bytesUntilHungUp()).isZero();
            client.close();
        }
    }

    @Test
    void framesThatAreCutByTheEndOfTheirConnectionAreGivenBack() throws Exception {
        var before = Memory.nettyBytes();
        for (var number = 0; number < 300; number++) {
            var client = scene.connect();
            client.send(RawClient.announced(Scene.MAX_REQUEST_BYTES, new byte[1 << 20]));
            if (number % 2 == 0) {
                client.reset();
            } else {
                client.endOutput().bytesUntilHungUp();
                client.close();
            }
        }

        // The broker may hear of the last ends later.
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Memory.nettyBytes() - before < Memory.BOUND_BYTES);
    }
}
