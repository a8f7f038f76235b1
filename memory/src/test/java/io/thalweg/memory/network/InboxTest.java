package io.thalweg.memory.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InboxTest {

    private static final TransportLimits TEN_BYTES = new TransportLimits(
            10, 10, 1_000, Integer.MAX_VALUE, Integer.MAX_VALUE, Duration.ofMinutes(1), Duration.ofMinutes(1), 10);

    private final List<String> told = new ArrayList<>();
    private final Inbox inbox = new Inbox(TEN_BYTES, new ByteAllowance(1_000), Runnable::run, new Keeper());

    /** Keeps every frame. */
    private final class Keeper implements Inbox.Receiver {

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void take(ByteBuffer payload) {
            told.add(payload.remaining() + " bytes");
            inbox.held(payload.remaining());
        }

        @Override
        public void end() {
            told.add("end");
        }
    }

    @Test
    void theEndIsToldThoughThereIsNoRoomForMore() {
        inbox.put(List.of(ByteBuffer.allocate(10)));

        inbox.end();

        assertThat(told).containsExactly("10 bytes", "end");
    }

    @Test
    void whatHasNoRoomComesBeforeTheEnd() {
        inbox.put(List.of(ByteBuffer.allocate(10), ByteBuffer.allocate(1)));
        inbox.end();
        assertThat(told).containsExactly("10 bytes");

        inbox.gaveBack(10);

        assertThat(told).containsExactly("10 bytes", "1 bytes", "end");
    }

    @Test
    void nothingIsToldWhileNothingIsWanted() {
        inbox.want(false);

        inbox.end();
        assertThat(told).isEmpty();
        inbox.want(true);

        assertThat(told).containsExactly("end");
    }
}
