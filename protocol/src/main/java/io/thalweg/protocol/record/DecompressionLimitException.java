package io.thalweg.protocol.record;

/** A batch whose records grow past the {@link DecompressionLimit} when decompressed. */
public final class DecompressionLimitException extends CorruptRecordException {

    private static final long serialVersionUID = 1L;

    DecompressionLimitException(int compressedBytes, int allowedBytes) {
        super("records, or one of them, grow from " + compressedBytes + " bytes to more than " + allowedBytes
                + " when decompressed");
    }
}
