package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.thalweg.spi.transport.Frame;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;

/** A frame as its receiver holds it. Closing is for any thread. */
final class NettyFrame implements Frame {

    private static final VarHandle CLOSED;

    static {
        try {
            CLOSED = MethodHandles.lookup().findVarHandle(NettyFrame.class, "closed", boolean.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuf payload;
    private final ByteBuffer bytes;
    private final ReadGate gate;
    private final boolean withPass;

    @SuppressWarnings("UnusedVariable") // By its handle.
    private volatile boolean closed;

    NettyFrame(ByteBuf payload, ReadGate gate, boolean withPass) {
        this.payload = payload;
        this.bytes = payload.nioBuffer();
        this.gate = gate;
        this.withPass = withPass;
    }

    @Override
    public ByteBuffer bytes() {
        if (closed) {
            throw new IllegalStateException("frame is closed");
        }
        return bytes;
    }

    @Override
    public void close() {
        if (CLOSED.compareAndSet(this, false, true)) {
            var size = payload.readableBytes();
            payload.release();
            gate.takeBack(size, withPass);
        }
    }
}
