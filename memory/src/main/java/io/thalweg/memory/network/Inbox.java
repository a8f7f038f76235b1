package io.thalweg.memory.network;

import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was handed over to one end of a connection, until its handler wants it and its limits admit it. Owned by the end's event loop;
 * filled, ended and woken by any thread.
 */
final class Inbox {

    private final TransportLimits limits;
    private final ByteAllowance allowance;
    private final Executor loop;
    private final Receiver receiver;

    private final ConcurrentLinkedQueue<ByteBuffer> payloads = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean pumpIsDue = new AtomicBoolean();
    private final AtomicLong heldBytes = new AtomicLong();
    private volatile boolean hasEnded;
    private boolean isWanted = true;

    /**
     * Makes an empty inbox.
     *
     * @param loop runs tasks on the event loop
     */
    Inbox(TransportLimits limits, ByteAllowance allowance, Executor loop, Receiver receiver) {
        this.limits = limits;
        this.allowance = allowance;
        this.loop = loop;
        this.receiver = receiver;
    }

    /** Takes what the other end has sent; any thread. */
    void put(Collection<ByteBuffer> sent) {
        payloads.addAll(sent);
        wake();
    }

    /** Nothing comes after what is there; any thread. */
    void end() {
        hasEnded = true;
        wake();
    }

    void want(boolean wanted) {
        isWanted = wanted;
        if (wanted) {
            wake();
        }
    }

    /** Has the event loop look for what may be given; any thread. */
    void wake() {
        if (pumpIsDue.compareAndSet(false, true)) {
            loop.execute(this::pump);
        }
    }

    private void pump() {
        pumpIsDue.set(false);
        while (receiver.isReady() && isWanted) {
            // Whether it has ended is asked first, since nothing comes after that.
            if (hasEnded && payloads.isEmpty()) {
                receiver.end();
                return;
            }
            var payload = hasRoom() ? payloads.poll() : null;
            if (payload == null) {
                return;
            }
            receiver.take(payload);
        }
    }

    /** Asked before anything is given; the end needs no room. */
    private boolean hasRoom() {
        return heldBytes.get() < limits.maxBytesPerConnection() && allowance.admits(this);
    }

    /** A frame is about to be given to the handler. */
    void held(int bytes) {
        heldBytes.addAndGet(bytes);
        allowance.take(bytes);
    }

    /** A frame was closed; any thread. */
    void gaveBack(int bytes) {
        heldBytes.addAndGet(-bytes);
        allowance.giveBack(bytes);
        if (!payloads.isEmpty()) {
            wake();
        }
    }

    /** Drops what is there. */
    void drop() {
        payloads.clear();
        allowance.forget(this);
    }

    /** Who takes what is in the inbox; on the event loop. */
    interface Receiver {

        /** Whether there is a handler to give to. */
        boolean isReady();

        void take(ByteBuffer payload);

        /** The other end has closed and everything is taken. */
        void end();
    }
}
