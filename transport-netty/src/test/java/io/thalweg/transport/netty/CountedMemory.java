package io.thalweg.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;

/** Direct memory that is counted to the byte, because nothing of it is pooled. */
final class CountedMemory {

    private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true);

    ByteBufAllocator allocator() {
        return allocator;
    }

    long usedBytes() {
        return allocator.metric().usedDirectMemory();
    }
}
