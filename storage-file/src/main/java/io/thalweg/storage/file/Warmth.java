package io.thalweg.storage.file;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * An estimate of what the operating system still holds in memory: what was written or read while at most so many bytes of anything
 * have been since. Any thread; a wrong guess costs a wait, never a wrong byte.
 */
final class Warmth {

    private static final int CHUNK_BITS = 23;

    /** Warmth is known for stretches of a file of this size. */
    static final int CHUNK_BYTES = 1 << CHUNK_BITS;

    private final long windowBytes;
    private final AtomicLong touchedBytes = new AtomicLong(1);

    Warmth(long windowBytes) {
        this.windowBytes = windowBytes;
    }

    /** What is known of one file, nothing at first. */
    Chunks ofFile() {
        return new Chunks(this);
    }

    /** When the chunks of one file were last touched, in bytes touched by then; 0 for never. */
    static final class Chunks {

        private final Warmth warmth;
        private volatile AtomicLongArray stamps = new AtomicLongArray(1);

        private Chunks(Warmth warmth) {
            this.warmth = warmth;
        }

        void touch(int position, int sizeInBytes) {
            var now = warmth.touchedBytes.addAndGet(sizeInBytes);
            var last = lastChunk(position, sizeInBytes);
            var table = tableFor(last);
            for (var chunk = position >> CHUNK_BITS; chunk <= last; chunk++) {
                table.set(chunk, now);
            }
        }

        boolean isWarm(int position, int sizeInBytes) {
            var oldest = Math.max(1, warmth.touchedBytes.get() - warmth.windowBytes);
            var table = stamps;
            var last = lastChunk(position, sizeInBytes);
            for (var chunk = position >> CHUNK_BITS; chunk <= last; chunk++) {
                if (chunk >= table.length() || table.get(chunk) < oldest) {
                    return false;
                }
            }
            return true;
        }

        private static int lastChunk(int position, int sizeInBytes) {
            return (int) (((long) position + Math.max(1, sizeInBytes) - 1) >> CHUNK_BITS);
        }

        /** Two threads that grow the table at once may lose a stamp, which only makes a chunk look cold. */
        private AtomicLongArray tableFor(int chunk) {
            var table = stamps;
            if (chunk < table.length()) {
                return table;
            }
            var larger = new AtomicLongArray(Math.max(chunk + 1, 2 * table.length()));
            for (var i = 0; i < table.length(); i++) {
                larger.set(i, table.get(i));
            }
            stamps = larger;
            return larger;
        }
    }
}
