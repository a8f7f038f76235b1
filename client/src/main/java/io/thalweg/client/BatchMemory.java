package io.thalweg.client;

import java.util.ArrayDeque;

/**
 * Memory that batches are made in, again and again: making and clearing it anew for each batch would cost more than filling it. Guarded by
 * the accumulator's lock.
 */
final class BatchMemory {

    /** A batch that does not come near its limit is made in less memory, which grows with it. */
    private static final int SMALL_SHARE = 4;

    private static final int SMALL_BYTES = 1 << 10;

    private final int batchBytes;
    private final long maxKept;
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>();

    /**
     * None yet.
     *
     * @param maxKeptBytes what is kept for later takes no more than this
     */
    BatchMemory(int batchBytes, long maxKeptBytes) {
        this.batchBytes = batchBytes;
        this.maxKept = maxKeptBytes / batchBytes;
    }

    /** For a batch that will probably be as large as this. */
    byte[] take(int probableBytes) {
        if (probableBytes < batchBytes / SMALL_SHARE) {
            return new byte[SMALL_BYTES];
        }
        var free = kept.poll();
        return free == null ? new byte[Math.max(batchBytes, SMALL_BYTES)] : free;
    }

    /** Nobody reads or writes this any more. */
    void give(byte[] memory) {
        if (memory.length >= batchBytes && kept.size() < maxKept) {
            kept.push(memory);
        }
    }
}
