package io.thalweg.transport.netty;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all connections of one listener may hold, in frames and in parts of frames, and who waits for some to be given back.
 * Any thread.
 *
 * <p>Parts of frames could use the allowance up, and then no frame would ever be complete. So there is one pass: its holder may read on
 * to complete its frame, and returns it when that frame is closed. At most one frame is held beyond the allowance.
 */
final class ByteAllowance {

    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final AtomicBoolean passIsTaken = new AtomicBoolean();
    private final LinkedHashSet<ReadGate> waiting = new LinkedHashSet<>();
    private volatile boolean anyWaits;

    ByteAllowance(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    boolean hasRoom() {
        return usedBytes.get() < maxBytes;
    }

    void take(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        if (usedBytes.addAndGet(-bytes) < maxBytes && anyWaits) {
            wakeAll();
        }
    }

    boolean tryTakePass() {
        return passIsTaken.compareAndSet(false, true);
    }

    void returnPass() {
        passIsTaken.set(false);
        if (anyWaits) {
            wakeAll();
        }
    }

    /** Has the gate woken when there is room or the pass is back; that may have happened meanwhile, so it asks once more. */
    synchronized void await(ReadGate gate) {
        waiting.add(gate);
        anyWaits = true;
    }

    synchronized void forget(ReadGate gate) {
        waiting.remove(gate);
        anyWaits = !waiting.isEmpty();
    }

    private void wakeAll() {
        takeWaiting().forEach(ReadGate::wake);
    }

    private synchronized List<ReadGate> takeWaiting() {
        var gates = List.copyOf(waiting);
        waiting.clear();
        anyWaits = false;
        return gates;
    }
}
