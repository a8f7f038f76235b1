package io.thalweg.tck.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.tck.Verifies;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames arrive whole, in order and unchanged. */
interface FrameTests extends TransportTests {

    @Test
    @Verifies("CONNECTION-1")
    default void aFrameArrivesAtTheOtherEnd() throws InterruptedException {
        var link = wire().link();

        link.client().send("ping".getBytes(StandardCharsets.UTF_8));
        link.server().send("pong".getBytes(StandardCharsets.UTF_8));

        assertThat(link.server().next()).asString().isEqualTo("ping");
        assertThat(link.client().next()).asString().isEqualTo("pong");
    }

    @Test
    @Verifies("CONNECTION-1")
    default void anEmptyFrameArrives() throws InterruptedException {
        var link = wire().link();

        link.client().send(new byte[0]);

        assertThat(link.server().next()).isEmpty();
    }

    @Test
    @Verifies("CONNECTION-1")
    default void framesKeepTheirOrderWhateverTheirSizes() throws InterruptedException {
        var link = wire().link();
        var random = new Random(1);

        for (var number = 0; number < 5_000; number++) {
            var payload = new byte[4 + random.nextInt(number % 100 == 0 ? 100_000 : 300)];
            link.client().send(ByteBuffer.wrap(payload).putInt(number).array());
        }

        for (var number = 0; number < 5_000; number++) {
            assertThat(ByteBuffer.wrap(link.server().next()).getInt()).isEqualTo(number);
        }
    }

    @Test
    @Verifies("CONNECTION-1")
    default void aFrameOfManyMebibytesArrivesUnchanged() throws InterruptedException {
        var link = wire().link();
        var payload = new byte[(32 << 20) + 7];
        new Random(2).nextBytes(payload);

        link.client().send(payload);

        assertThat(link.server().next()).isEqualTo(payload);
    }
}
