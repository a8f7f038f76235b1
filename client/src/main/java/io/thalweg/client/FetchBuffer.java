package io.thalweg.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where fetched chunks wait to be polled: the loop puts them in, one application thread takes them out. Under one lock. */
final class FetchBuffer {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // The rest is guarded by the lock.
    private final ArrayDeque<FetchedChunk> chunks = new ArrayDeque<>();
    private @Nullable ClientException failure;
    private long bytes;
    private boolean isClosed;
    private boolean isWoken;

    /** Takes the chunk over, and gives its memory back if nobody will ask for it. */
    void put(FetchedChunk chunk) {
        lock.lock();
        try {
            if (isClosed) {
                chunk.frame().release();
                return;
            }
            chunks.add(chunk);
            bytes += chunk.sizeInBytes();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Has the next take throw, once what was fetched before is taken. */
    void fail(ClientException reason) {
        lock.lock();
        try {
            if (failure == null) {
                failure = reason;
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }

    /** Has a take that waits, or else the next that would, end without a chunk. */
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a chunk; null if none came in time. */
    @Nullable FetchedChunk take(long timeoutNanos) throws InterruptedException {
        lock.lock();
        try {
            var left = timeoutNanos;
            while (chunks.isEmpty() && failure == null && !isClosed && !isWoken && left > 0) {
                left = changed.awaitNanos(left);
            }
            isWoken = false;
            var chunk = chunks.poll();
            if (chunk != null) {
                bytes -= chunk.sizeInBytes();
                return chunk;
            }
            var reason = failure;
            if (reason != null) {
                failure = null;
                throw reason;
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            chunks.forEach(chunk -> chunk.frame().release());
            chunks.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
