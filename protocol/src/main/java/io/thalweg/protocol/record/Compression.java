package io.thalweg.protocol.record;

import java.util.Locale;

/** How the records of a batch are compressed; the id is what the batch's attributes carry. */
public enum Compression {
    /** Records as they are. */
    NONE(0),
    /** RFC 1952, from the JDK. */
    GZIP(1),
    /** Snappy blocks in snappy-java's stream framing; one bare block is read, too. */
    SNAPPY(2),
    /** LZ4 frames with independent blocks. */
    LZ4(3),
    /** Zstandard frames. */
    ZSTD(4);

    private static final Compression[] BY_ID = values();

    private final int id;

    Compression(int id) {
        this.id = id;
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
}
