package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/** Chooses where a connection's socket is read to: nowhere, into a frame that is not complete, or into a buffer of adaptive size. */
final class FrameReceiveAllocator implements RecvByteBufAllocator {

    private static final int MIN_BYTES = 512;
    private static final int FIRST_BYTES = 2 << 10;
    private static final int MAX_BYTES = 64 << 10;

    private static final AdaptiveRecvByteBufAllocator ADAPTIVE =
            new AdaptiveRecvByteBufAllocator(MIN_BYTES, FIRST_BYTES, MAX_BYTES);

    private final Intake intake;

    FrameReceiveAllocator(Intake intake) {
        this.intake = intake;
    }

    @Override
    @SuppressWarnings("deprecation") // The type of the supertype's method.
    public Handle newHandle() {
        return new FrameHandle((ExtendedHandle) ADAPTIVE.newHandle());
    }

    /** Belongs to one channel. */
    @SuppressWarnings("deprecation") // What it extends.
    private final class FrameHandle extends DelegatingHandle implements ExtendedHandle {

        private final ExtendedHandle adaptive;

        FrameHandle(ExtendedHandle adaptive) {
            super(adaptive);
            this.adaptive = adaptive;
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            var target = intake.target();
            return target == null ? adaptive.allocate(allocator) : target;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier maybeMore) {
            return adaptive.continueReading(maybeMore);
        }
    }
}
