package io.thalweg.spi.storage;

/**
 * The settings of a topic that concern the one who holds its bytes. An engine without segments ignores those about segments.
 *
 * <p>The core commits whatever it has appended, with {@link Durability#OS} as well. To keep {@code flushRecords} and {@code flushMillis} is
 * up to the engine, the latter by {@link StorageContext#timers}; one whose every commit syncs keeps both.
 *
 * @param durability what commit means
 * @param segmentBytes a segment is closed before it would grow past this many bytes
 * @param segmentMillis a segment is closed when its first batch is older than this
 * @param segmentJitterMillis a random part of at most this is taken off {@code segmentMillis}, so that not all roll at once
 * @param indexIntervalBytes at most this many bytes of batches lie between two entries of the offset index
 * @param segmentIndexBytes an index holds at most this many bytes; a full one closes the segment
 * @param preallocate whether segment files are given their full size at once
 * @param flushRecords with {@link Durability#OS}, a commit before which so many offsets were appended since the log was last on disk puts
 *     it there before it completes
 * @param flushMillis with {@link Durability#OS}, what was appended is on disk after about so many milliseconds
 */
public record LogConfig(
        Durability durability,
        int segmentBytes,
        long segmentMillis,
        long segmentJitterMillis,
        int indexIntervalBytes,
        int segmentIndexBytes,
        boolean preallocate,
        long flushRecords,
        long flushMillis) {

    /** Kafka's defaults with Thalweg's default durability. */
    public static final LogConfig DEFAULT =
            new LogConfig(Durability.FSYNC, 1 << 30, 7L * 24 * 3600 * 1000, 0, 4096, 10 << 20, false);

    public LogConfig {
        if (flushRecords < 1 || flushMillis < 0) {
            throw new IllegalArgumentException("log config with flushRecords=" + flushRecords + " flushMillis="
                    + flushMillis + ": expected at least 1 and 0");
        }
        if (segmentBytes < 1 || segmentMillis < 1 || indexIntervalBytes < 0 || segmentIndexBytes < 4) {
            throw new IllegalArgumentException("log config with segmentBytes=" + segmentBytes + " segmentMillis="
                    + segmentMillis + " indexIntervalBytes=" + indexIntervalBytes + " segmentIndexBytes="
                    + segmentIndexBytes + " has a value out of range");
        }
    }

    /** With {@link Durability#OS}, the operating system decides when the log goes to disk. */
    public LogConfig(
            Durability durability,
            int segmentBytes,
            long segmentMillis,
            long segmentJitterMillis,
            int indexIntervalBytes,
            int segmentIndexBytes,
            boolean preallocate) {
        this(
                durability,
                segmentBytes,
                segmentMillis,
                segmentJitterMillis,
                indexIntervalBytes,
                segmentIndexBytes,
                preallocate,
                Long.MAX_VALUE,
                Long.MAX_VALUE);
    }

    public LogConfig withDurability(Durability other) {
        return new LogConfig(
                other,
                segmentBytes,
                segmentMillis,
                segmentJitterMillis,
                indexIntervalBytes,
                segmentIndexBytes,
                preallocate,
                flushRecords,
                flushMillis);
    }

    /** With other limits to what {@link Durability#OS} leaves in memory. */
    public LogConfig withFlush(long records, long millis) {
        return new LogConfig(
                durability,
                segmentBytes,
                segmentMillis,
                segmentJitterMillis,
                indexIntervalBytes,
                segmentIndexBytes,
                preallocate,
                records,
                millis);
    }
}
