package io.thalweg.memory.network;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of frames all connections of one listener may hold, and who waits for some to be given back. Any thread. */
final class ByteAllowance {

    private final long maxBytes;
    private final AtomicLong usedBytes = new AtomicLong();
    private final Set<Inbox> waiting = ConcurrentHashMap.newKeySet();

    ByteAllowance(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    /** Whether one more frame may be given; if not, the inbox is woken when it may be worth asking again. */
    boolean admits(Inbox inbox) {
        if (usedBytes.get() < maxBytes) {
            return true;
        }
        waiting.add(inbox);
        // A frame may have been closed before the connection was on the list.
        return usedBytes.get() < maxBytes;
    }

    void take(long bytes) {
        usedBytes.addAndGet(bytes);
    }

    void giveBack(long bytes) {
        if (usedBytes.addAndGet(-bytes) < maxBytes && !waiting.isEmpty()) {
            for (var each = waiting.iterator(); each.hasNext(); ) {
                var inbox = each.next();
                // In this order: a woken inbox may put itself on the list again.
                each.remove();
                inbox.wake();
            }
        }
    }

    void forget(Inbox inbox) {
        waiting.remove(inbox);
    }
}
