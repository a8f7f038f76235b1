package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which indexes of closed segments are held in memory: those used last, within a number of bytes. Filled by threads that may wait for the
 * disk; any thread.
 */
final class IndexMemory {

    /** Enough for the offset indexes of 16 GiB of segments with the default interval. */
    private static final long MOST_BYTES = 32L << 20;

    /** What an index takes besides its entries, roughly; without it any number of small ones would be held. */
    private static final long OVERHEAD_BYTES = 512;

    @GuardedBy("this") private final Map<IndexFile, Long> held = new LinkedHashMap<>(16, 0.75f, true);

    @GuardedBy("this") private long heldBytes;

    /** Takes an index into memory, and lets go of those that were not used for longest. */
    void hold(IndexFile index) throws IOException {
        if (index.isInMemory() && !isHeld(index)) {
            // By the one who made it, and not to be sealed by anyone else.
            return;
        }
        index.hold();
        var size = index.sizeInBytes() + OVERHEAD_BYTES;
        synchronized (this) {
            var before = held.put(index, size);
            heldBytes += size - (before == null ? 0 : before);
            var oldest = held.entrySet().iterator();
            while (heldBytes > MOST_BYTES && held.size() > 1) {
                var entry = oldest.next();
                entry.getKey().seal();
                heldBytes -= entry.getValue();
                oldest.remove();
            }
        }
    }

    private synchronized boolean isHeld(IndexFile index) {
        return held.containsKey(index);
    }
}
