package io.thalweg.protocol.record;

/**
 * How far the records of one batch may grow when they are decompressed.
 *
 * <p>It bounds the time that a batch takes, since records are read one after the other; memory follows the largest one, which is bounded
 * too. What compresses well is no attack: repetitive text shrinks a hundredfold, and a megabyte of equal bytes thousandfold.
 *
 * @param maxBytes the most bytes they may have
 * @param maxRatio the most bytes they may have per compressed byte, once they have more than {@link #ALWAYS_ALLOWED_BYTES}
 */
public record DecompressionLimit(int maxBytes, int maxRatio) {

    /** What is fine whatever the ratio, of all records together and of each. */
    public static final int ALWAYS_ALLOWED_BYTES = 64 << 20;

    /** A gibibyte, and one to 256, which is more than snappy and LZ4 can do. */
    public static final DecompressionLimit DEFAULT = new DecompressionLimit(1 << 30, 256);

    /** A record larger than what is always fine may not have grown by more than text does. */
    private static final int MAX_RECORD_RATIO = 20;

    /** Refuses limits below 1. */
    public DecompressionLimit {
        if (maxBytes < 1 || maxRatio < 1) {
            throw new IllegalArgumentException(
                    "limit of " + maxBytes + " bytes and ratio " + maxRatio + "; expected at least 1 of each");
        }
    }

    /** The most bytes that so many compressed bytes may become. */
    public int allowedBytes(int compressedBytes) {
        return allowedBytes(compressedBytes, maxRatio);
    }

    /** The most bytes that one record within so many compressed bytes may have. */
    public int allowedRecordBytes(int compressedBytes) {
        return allowedBytes(compressedBytes, Math.min(maxRatio, MAX_RECORD_RATIO));
    }

    private int allowedBytes(int compressedBytes, int ratio) {
        long byRatio = Math.max(ALWAYS_ALLOWED_BYTES, (long) compressedBytes * ratio);
        return (int) Math.min(maxBytes, byRatio);
    }
}
