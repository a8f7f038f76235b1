package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.thalweg.spi.transport.TransportException;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ConnectionTimeoutsTest {

    private static final TransportLimits LIMITS = TransportLimits.DEFAULT;

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ReadGate gate = new ReadGate(LIMITS, new ByteAllowance(Long.MAX_VALUE), () -> {});
    private final FrameCutter cutter = new FrameCutter(
            LIMITS.maxFrameBytes(), channel.alloc(), gate, (ByteBuf payload, Integer counted) -> payload.release());
    private final List<TransportException> late = new ArrayList<>();
    private final ConnectionTimeouts timeouts = new ConnectionTimeouts(channel, LIMITS, cutter, gate, late::add);

    @BeforeEach
    void start() {
        channel.freezeTime();
        timeouts.start();
    }

    @AfterEach
    void stop() {
        cutter.close();
        timeouts.stop();
        channel.finishAndReleaseAll();
    }

    private void readPartOfAFrame() {
        cutter.cut(Unpooled.buffer().writeInt(10).writeByte(0));
        timeouts.watchFrame();
    }

    private void pass(long seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
    }

    @Test
    void aFrameThatIsNotCompleteInTimeIsLate() {
        readPartOfAFrame();
        pass(LIMITS.frameTimeout().toSeconds() - 1);
        assertThat(late).isEmpty();

        pass(1);

        assertThat(late)
                .singleElement()
                .satisfies(exception ->
                        assertThat(exception).hasMessage("only 1 of the 10 bytes of a frame came within PT30S"));
    }

    @Test
    void aFrameThatIsCompleteInTimeIsNotLate() {
        readPartOfAFrame();

        cutter.cut(Unpooled.buffer().writeZero(9));
        pass(2 * LIMITS.frameTimeout().toSeconds());

        assertThat(late).isEmpty();
    }

    @Test
    void theNextFrameHasTimeOfItsOwn() {
        readPartOfAFrame();
        pass(LIMITS.frameTimeout().toSeconds() - 1);
        cutter.cut(Unpooled.buffer().writeZero(9));
        readPartOfAFrame();

        pass(2);

        assertThat(late).isEmpty();
        pass(LIMITS.frameTimeout().toSeconds());
        assertThat(late).hasSize(1);
    }

    @Test
    void aFrameThatItsReceiverHoldsUpIsNotLate() {
        readPartOfAFrame();
        gate.want(false);
        assertThat(gate.isOpen(true)).isFalse();
        gate.want(true);

        pass(LIMITS.frameTimeout().toSeconds());

        assertThat(late).isEmpty();
        pass(LIMITS.frameTimeout().toSeconds());
        assertThat(late).hasSize(1);
    }
}
