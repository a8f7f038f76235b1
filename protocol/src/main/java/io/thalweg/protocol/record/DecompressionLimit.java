package io.thalweg.protocol.record;

/**
 * How far the records of one batch may grow when they are decompressed.
 *
 * @param maxBytes the most bytes they may have
 * @param maxRatio the most bytes they may have per compressed byte, once they have more than {@link #ALWAYS_ALLOWED_BYTES}
 */
public record DecompressionLimit(int maxBytes, int maxRatio) {

    /** What is fine whatever the ratio: a producer may well send a megabyte of equal bytes, which compress thousandfold. */
    public static final int ALWAYS_ALLOWED_BYTES = 16 << 20;

    /** 64 MiB, and one to a thousand. */
    public static final DecompressionLimit DEFAULT = new DecompressionLimit(64 << 20, 1_000);

    /** Refuses limits below 1. */
    public DecompressionLimit {
        if (maxBytes < 1 || maxRatio < 1) {
            throw new IllegalArgumentException(
                    "limit of " + maxBytes + " bytes and ratio " + maxRatio + "; expected at least 1 of each");
        }
    }

    /** The most bytes that so many compressed bytes may become. */
    public int allowedBytes(int compressedBytes) {
        long byRatio = Math.max(ALWAYS_ALLOWED_BYTES, (long) compressedBytes * maxRatio);
        return (int) Math.min(maxBytes, byRatio);
    }
}
