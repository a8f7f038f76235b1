package io.thalweg.protocol.record;

import java.util.Locale;

/** How the records of a batch are compressed; the id is what the batch's attributes carry. */
public enum Compression {
    /** Records as they are. */
    NONE(0, "none", "java.base"),
    /** RFC 1952, from the JDK. */
    GZIP(1, "none", "java.base"),
    /** Snappy blocks in snappy-java's stream framing; one bare block is read, too. */
    SNAPPY(2, "org.xerial.snappy:snappy-java", "org.xerial.snappy"),
    /** LZ4 frames with independent blocks. */
    LZ4(3, "at.yawk.lz4:lz4-java", "org.lz4.java"),
    /** Zstandard frames. */
    ZSTD(4, "com.github.luben:zstd-jni", "com.github.luben.zstd_jni");

    private static final Compression[] BY_ID = values();

    private final int id;
    private final String artifact;
    private final String moduleName;

    Compression(int id, String artifact, String moduleName) {
        this.id = id;
        this.artifact = artifact;
        this.moduleName = moduleName;
    }

    /** The number of this compression in the lowest three bits of a batch's attributes. */
    public int id() {
        return id;
    }

    /** The name that configuration uses, such as {@code zstd}. */
    public String configName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The compression with this id.
     *
     * @throws CorruptRecordException if no compression has it
     */
    public static Compression fromId(int id) {
        if (id < 0 || id >= BY_ID.length) {
            throw new CorruptRecordException(
                    "compression id " + id + " is unknown; expected 0 to " + (BY_ID.length - 1));
        }
        return BY_ID[id];
    }

    /** The artifact that carries the library. */
    String artifact() {
        return artifact;
    }

    /** The module that the library is. */
    String moduleName() {
        return moduleName;
    }

    /** The codec; its library is only looked for when it is used. Not for {@link #NONE}. */
    Codec codec() {
        return switch (this) {
            case NONE -> throw new IllegalStateException("records that are not compressed have no codec");
            case GZIP -> new GzipCodec();
            case SNAPPY -> new SnappyCodec();
            case LZ4 -> new Lz4Codec();
            case ZSTD -> new ZstdCodec();
        };
    }
}
