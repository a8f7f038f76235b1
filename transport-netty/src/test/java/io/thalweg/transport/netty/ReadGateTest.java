package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ReadGateTest {

    private static final long MAX_BYTES_IN_ALL = 1_000;

    private final ByteAllowance allowance = new ByteAllowance(MAX_BYTES_IN_ALL);
    private final AtomicInteger woken = new AtomicInteger();

    private ReadGate gate(long maxBytesPerConnection) {
        var defaults = TransportLimits.DEFAULT;
        var limits = new TransportLimits(
                defaults.maxFrameBytes(),
                maxBytesPerConnection,
                MAX_BYTES_IN_ALL,
                1,
                1,
                defaults.idleTimeout(),
                defaults.frameTimeout(),
                1);
        return new ReadGate(limits, allowance, woken::incrementAndGet);
    }

    @Test
    void aGateShutByItsOwnFramesOpensWhenOneIsClosed() {
        var gate = gate(100);
        gate.give(100, 0);
        assertThat(gate.isOpen(false)).isFalse();

        gate.takeBack(100, false);

        assertThat(woken).hasValue(1);
        assertThat(gate.isOpen(false)).isTrue();
    }

    @Test
    void partOfAFrameCountsBesidesFramesButNotAlone() {
        var gate = gate(100);
        gate.readPart(200);
        assertThat(gate.isOpen(true)).isTrue();

        gate.give(10, 0);

        assertThat(gate.isOpen(true)).isFalse();
    }

    @Test
    void aGateShutByAnothersFramesOpensWhenOneIsClosed() {
        var holder = gate(5_000);
        var gate = gate(5_000);
        holder.give(1_000, 0);
        assertThat(gate.isOpen(false)).isFalse();

        holder.takeBack(1_000, false);

        assertThat(woken).hasValue(1);
        assertThat(gate.isOpen(false)).isTrue();
    }

    @Test
    void partsThatUseTheAllowanceUpAreCompletedOneAtATime() {
        var one = gate(5_000);
        var other = gate(5_000);
        one.readPart(500);
        other.readPart(500);

        assertThat(one.isOpen(true)).isTrue();
        assertThat(other.isOpen(true)).isFalse();
        var withPass = one.give(600, 500);
        assertThat(withPass).isTrue();
        assertThat(one.isOpen(true)).isFalse();
        assertThat(other.isOpen(true)).isFalse();

        one.takeBack(600, withPass);

        assertThat(woken).hasPositiveValue();
        assertThat(other.isOpen(true)).isTrue();
    }

    @Test
    void aGateThatIsShutForGoodGivesItsPartAndThePassBack() {
        var one = gate(5_000);
        var other = gate(5_000);
        one.readPart(1_000);
        assertThat(one.isOpen(true)).isTrue();
        assertThat(other.isOpen(false)).isFalse();

        one.shut();

        assertThat(woken).hasPositiveValue();
        assertThat(other.isOpen(false)).isTrue();
        other.readPart(1_000);
        assertThat(other.isOpen(true)).isTrue();
        assertThat(one.isOpen(false)).isFalse();
    }

    @Test
    void aGateIsShutWhileTheHandlerWantsNothing() {
        var gate = gate(100);
        gate.want(false);
        assertThat(gate.isOpen(true)).isFalse();

        gate.want(true);

        assertThat(woken).hasValue(1);
        assertThat(gate.isOpen(true)).isTrue();
        assertThat(gate.wasHeldBack()).isTrue();
        assertThat(gate.wasHeldBack()).isFalse();
    }
}
