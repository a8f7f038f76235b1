package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.FileRegion;
import io.netty.channel.MessageSizeEstimator;

/** Counts slices of files in what waits to be sent, which Netty by itself does not. */
final class SizeEstimator implements MessageSizeEstimator, MessageSizeEstimator.Handle {

    static final SizeEstimator INSTANCE = new SizeEstimator();

    private SizeEstimator() {}

    @Override
    public Handle newHandle() {
        return this;
    }

    @Override
    public int size(Object message) {
        if (message instanceof ByteBuf buffer) {
            return buffer.readableBytes();
        }
        return message instanceof FileRegion region ? (int) region.count() : 0;
    }
}
