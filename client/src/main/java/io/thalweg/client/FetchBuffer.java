package io.thalweg.client;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Where what was fetched waits to be polled: the loop puts them in, one application thread takes them out. Under one lock. */
final class FetchBuffer {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // The rest is guarded by the lock.
    private final ArrayDeque<Fetched> fetched = new ArrayDeque<>();
    private long bytes;
    private boolean isClosed;
    private boolean isWoken;
    private @Nullable ClientException end;

    /** Takes the chunk over, and gives its memory back if nobody will ask for it. */
    void put(FetchedChunk chunk) {
        lock.lock();
        try {
            if (isClosed) {
                chunk.frame().release();
                return;
            }
            fetched.add(chunk);
            bytes += chunk.sizeInBytes();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Tells of a failure once what was fetched before is taken; a position fails once. */
    void fail(FetchFailure failure) {
        lock.lock();
        try {
            if (!isClosed) {
                fetched.add(failure);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nothing more will come: takes fail once what was fetched before is taken. */
    void end(ClientException reason) {
        lock.lock();
        try {
            end = reason;
            changed.signalAll();
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

    /** Has a take that waits, or else the next that would, end without anything. */
    void wake() {
        lock.lock();
        try {
            isWoken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for what is fetched; null if nothing was in time. */
    @Nullable Fetched take(long timeoutNanos) throws InterruptedException {
        lock.lock();
        try {
            var left = timeoutNanos;
            while (fetched.isEmpty() && !isClosed && !isWoken && end == null && left > 0) {
                left = changed.awaitNanos(left);
            }
            isWoken = false;
            var next = fetched.poll();
            if (next instanceof FetchedChunk chunk) {
                bytes -= chunk.sizeInBytes();
            }
            if (next == null && end != null && !isClosed) {
                throw end;
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            isClosed = true;
            for (var each : fetched) {
                if (each instanceof FetchedChunk chunk) {
                    chunk.frame().release();
                }
            }
            fetched.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
