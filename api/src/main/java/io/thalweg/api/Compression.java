package io.thalweg.api;

/** How the records of a batch are compressed. All but {@link #NONE} and {@link #GZIP} need their library beside the client. */
public enum Compression {
    /** As they are. */
    NONE,
    /** The JDK's: small, slow. */
    GZIP,
    /** {@code org.xerial.snappy:snappy-java}: fast. */
    SNAPPY,
    /** {@code at.yawk.lz4:lz4-java}: fastest. */
    LZ4,
    /** {@code com.github.luben:zstd-jni}: small and fast enough for most. */
    ZSTD
}
