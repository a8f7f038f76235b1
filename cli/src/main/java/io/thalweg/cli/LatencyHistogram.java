package io.thalweg.cli;

/**
 * Counts durations in buckets that are at most 3 % wide. Confined to one thread, or handed over between threads.
 *
 * <p>Durations below 32 ns have a bucket each; above, every power of two is cut into 32 buckets.
 */
final class LatencyHistogram {

    private static final int SUB_BITS = 5;
    private static final int SUB_COUNT = 1 << SUB_BITS;

    private final long[] counts = new long[(Long.SIZE - SUB_BITS) * SUB_COUNT];
    private long count;
    private long maxNanos;

    void record(long nanos) {
        var positive = Math.max(0, nanos);
        counts[bucket(positive)]++;
        count++;
        maxNanos = Math.max(maxNanos, positive);
    }

    private static int bucket(long nanos) {
        if (nanos < SUB_COUNT) {
            return (int) nanos;
        }
        var shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
        return (shift + 1) * SUB_COUNT + (int) (nanos >>> shift) - SUB_COUNT;
    }

    private static long upperBound(int bucket) {
        if (bucket < SUB_COUNT) {
            return bucket;
        }
        var shift = bucket / SUB_COUNT - 1;
        return ((long) (bucket % SUB_COUNT + SUB_COUNT + 1) << shift) - 1;
    }

    long count() {
        return count;
    }

    long maxNanos() {
        return maxNanos;
    }

    /** What this share of the durations, between 0 and 1, does not exceed; 0 if there are none. */
    long nanosAt(double share) {
        var rank = (long) Math.ceil(share * count);
        long seen = 0;
        for (int i = 0; i < counts.length; i++) {
            seen += counts[i];
            if (seen >= rank && seen > 0) {
                return Math.min(upperBound(i), maxNanos);
            }
        }
        return maxNanos;
    }
}
