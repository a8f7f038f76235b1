package io.thalweg.transport.netty;

import io.thalweg.spi.transport.TransportLimits;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Says whether a connection may read on: the handler wants it, and the frames given and not yet closed leave room.
 *
 * <p>Owned by the connection's event loop; frames are closed, and the gate is woken, by any thread. Once it has said no it is
 * woken when that may have changed.
 */
final class ReadGate {

    private final TransportLimits limits;
    private final ByteAllowance allowance;
    private final Runnable whenWoken;

    private final AtomicLong givenBytes = new AtomicLong();
    private volatile boolean isFull;

    private boolean isWanted = true;
    private boolean isShut;
    private boolean hasPass;
    private boolean heldBack;
    private long partialBytes;

    /**
     * Makes an open gate.
     *
     * @param whenWoken called by any thread
     */
    ReadGate(TransportLimits limits, ByteAllowance allowance, Runnable whenWoken) {
        this.limits = limits;
        this.allowance = allowance;
        this.whenWoken = whenWoken;
    }

    /** Whether to read on; {@code isMidFrame} tells that part of a frame has been read. */
    boolean isOpen(boolean isMidFrame) {
        if (isShut) {
            return false;
        }
        if (!isWanted || !hasRoomOfItsOwn()) {
            heldBack = true;
            return false;
        }
        return allowance.hasRoom() || hasPass || mayExceed(isMidFrame);
    }

    /** What is given counts, and what is read of the next frame; but alone that next frame may always be completed. */
    private boolean hasRoomOfItsOwn() {
        if (fits()) {
            return true;
        }
        isFull = true;
        // A frame may have been closed before the gate was marked as full.
        return fits();
    }

    private boolean fits() {
        var given = givenBytes.get();
        return given == 0 || given + partialBytes < limits.maxBytesPerConnection();
    }

    private boolean mayExceed(boolean isMidFrame) {
        if (takesPass(isMidFrame)) {
            return true;
        }
        allowance.await(this);
        return allowance.hasRoom() || takesPass(isMidFrame);
    }

    private boolean takesPass(boolean isMidFrame) {
        hasPass = isMidFrame && allowance.tryTakePass();
        return hasPass;
    }

    /** Whether the handler wants frames. */
    void want(boolean wanted) {
        isWanted = wanted;
        if (wanted) {
            wake();
        }
    }

    /** Part of a frame was read. */
    void readPart(int bytes) {
        partialBytes += bytes;
        allowance.take(bytes);
    }

    /** A frame is complete and about to be given; {@code partBytes} of it were counted before. Tells whether the pass goes with it. */
    boolean give(int bytes, int partBytes) {
        partialBytes -= partBytes;
        allowance.take(bytes - partBytes);
        givenBytes.addAndGet(bytes);
        var goesWithPass = hasPass;
        hasPass = false;
        return goesWithPass;
    }

    /** A frame was closed; any thread. */
    void takeBack(int bytes, boolean withPass) {
        givenBytes.addAndGet(-bytes);
        allowance.giveBack(bytes);
        if (withPass) {
            allowance.returnPass();
        }
        if (isFull && fitsAgain()) {
            isFull = false;
            wake();
        }
    }

    /** As {@link #fits}, but without what belongs to the event loop; a wake too many does no harm. */
    private boolean fitsAgain() {
        return givenBytes.get() < limits.maxBytesPerConnection();
    }

    /** Has the event loop look again; any thread. */
    void wake() {
        whenWoken.run();
    }

    /** Whether the handler or its unclosed frames, and not a lack of bytes from the peer, kept the gate shut since last asked. */
    boolean wasHeldBack() {
        var held = heldBack;
        heldBack = false;
        return held;
    }

    /** Closes for good; the part of a frame that was read no longer counts. */
    void shut() {
        isShut = true;
        allowance.forget(this);
        allowance.giveBack(partialBytes);
        partialBytes = 0;
        if (hasPass) {
            hasPass = false;
            allowance.returnPass();
        }
    }
}
