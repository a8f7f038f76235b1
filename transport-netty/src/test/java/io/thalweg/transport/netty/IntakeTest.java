package io.thalweg.transport.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class IntakeTest {

    private final NioSocketChannel channel = new NioSocketChannel();
    private final List<Throwable> reasons = new ArrayList<>();

    /** Has no memory for anyone. */
    private static final class NoMemory extends AbstractByteBufAllocator {

        @Override
        protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("wanted by the test");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
            throw new OutOfMemoryError("wanted by the test");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @AfterEach
    void close() {
        channel.unsafe().closeForcibly();
    }

    @Test
    void whatWasReadIsGivenBackWhenThereIsNoMemoryForItsFrame() {
        channel.config().setAllocator(new NoMemory());
        var intake = new Intake(
                channel,
                TransportLimits.DEFAULT,
                new ByteAllowance(Long.MAX_VALUE),
                Runnable::run,
                Frame::close,
                reasons::add);
        var beginOfAFrame = Unpooled.buffer().writeInt(10).writeByte(0);

        assertThatThrownBy(() -> intake.read(beginOfAFrame)).isInstanceOf(OutOfMemoryError.class);
        intake.end();

        assertThat(beginOfAFrame.refCnt()).isZero();
        assertThat(reasons).isEmpty();
    }
}
