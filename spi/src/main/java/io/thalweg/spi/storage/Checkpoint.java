package io.thalweg.spi.storage;

import java.nio.ByteBuffer;

/**
 * A small durable note of the core's about a log up to an offset; opaque to the engine.
 *
 * @param name what it is: {@code snapshot} of producers, {@code leader-epochs}, or {@code txnindex} of aborted transactions, whose bytes
 *     are entries as Kafka has them; one word of {@code a-z-}
 * @param offset the note covers the log below this offset
 * @param bytes from position to limit; lent to {@code save}, given by {@code latest}
 */
public record Checkpoint(String name, long offset, ByteBuffer bytes) {

    /** The same in an array of its own, to be kept when the bytes are lent no more. */
    public Checkpoint copy() {
        return new Checkpoint(name, offset, copyOf(bytes));
    }

    static ByteBuffer copyOf(ByteBuffer lent) {
        return ByteBuffer.allocate(lent.remaining()).put(lent.duplicate()).flip();
    }
}
