package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** Settings of a broker that concern all its logs together. Where they are kept is the storage provider's to say. */
public final class StorageKeys {

    public static final ConfigKey<Long> LOG_DIR_FAILURE_TIMEOUT_MILLIS = ConfigKey.ofLong(
                    "log.dir.failure.timeout.ms", 30_000L)
            .atLeast(1)
            .documented("A broker that cannot tell the controller about a failed directory, which holds leaders, within"
                    + " this many milliseconds stops.");

    public static final ConfigKey<Integer> START_CHECKPOINT_INTERVAL_MILLIS = ConfigKey.ofInt(
                    "log.flush.start.offset.checkpoint.interval.ms", 60_000)
            .atLeast(0)
            .documented("How often the broker writes down where its logs begin, in milliseconds.");

    public static final ConfigKey<Long> RETENTION_CHECK_INTERVAL_MILLIS = ConfigKey.ofLong(
                    "log.retention.check.interval.ms", 300_000L)
            .atLeast(1)
            .documented("How often the broker looks for segments that retention lets go, in milliseconds.");

    public static final ConfigKey<Boolean> CLEANER_ENABLE = ConfigKey.ofBoolean("log.cleaner.enable", true)
            .documented("Whether compacted logs are compacted. Without it they grow for ever.");

    public static final ConfigKey<Integer> CLEANER_THREADS =
            ConfigKey.ofInt("log.cleaner.threads", 1).atLeast(0).documented("How many logs are compacted at a time.");

    public static final ConfigKey<Double> CLEANER_MAX_BYTES_PER_SECOND = ConfigKey.ofDouble(
                    "log.cleaner.io.max.bytes.per.second", Double.MAX_VALUE)
            .allowing(rate -> rate > 0, "a number above 0")
            .documented("How many bytes a second compaction reads and writes at most, over all logs.");

    public static final ConfigKey<Long> CLEANER_DEDUPE_BUFFER_BYTES = ConfigKey.ofLong(
                    "log.cleaner.dedupe.buffer.size", 128L << 20)
            .atLeast(1 << 20)
            .documented("The memory in which compaction remembers keys, in bytes, over all its threads.");

    public static final ConfigKey<Double> CLEANER_BUFFER_LOAD_FACTOR = ConfigKey.ofDouble(
                    "log.cleaner.io.buffer.load.factor", 0.9)
            .between(0, 1)
            .documented("How full the memory for keys may get. Fuller means more of a log in one pass, and slower"
                    + " look-ups.");

    public static final ConfigKey<Integer> CLEANER_IO_BUFFER_BYTES = ConfigKey.ofInt(
                    "log.cleaner.io.buffer.size", 512 << 10)
            .atLeast(0)
            .documented("The memory through which compaction reads and writes, in bytes, over all its threads.");

    public static final ConfigKey<Long> CLEANER_BACKOFF_MILLIS = ConfigKey.ofLong("log.cleaner.backoff.ms", 15_000L)
            .atLeast(0)
            .documented("How long compaction rests when no log needs it, in milliseconds.");

    public static final ConfigKey<Integer> PRODUCER_ID_EXPIRATION_MILLIS = ConfigKey.ofInt(
                    "producer.id.expiration.ms", 86_400_000)
            .atLeast(1)
            .documented("A partition forgets an idempotent producer that has been silent for this many milliseconds.");

    public static final ConfigKey<Long> SNAPSHOT_AFTER_BYTES = ConfigKey.ofLong(
                    "metadata.log.max.record.bytes.between.snapshots", 20L << 20)
            .atLeast(1)
            .documented("The metadata log gets a snapshot after this many bytes of changes.");

    public static final ConfigKey<Long> SNAPSHOT_INTERVAL_MILLIS = ConfigKey.ofLong(
                    "metadata.log.max.snapshot.interval.ms", 3_600_000L)
            .atLeast(0)
            .documented("The metadata log gets a snapshot after this many milliseconds if it changed; 0 means only"
                    + " according to its bytes.");

    private StorageKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(
                LOG_DIR_FAILURE_TIMEOUT_MILLIS,
                START_CHECKPOINT_INTERVAL_MILLIS,
                RETENTION_CHECK_INTERVAL_MILLIS,
                CLEANER_ENABLE,
                CLEANER_THREADS,
                CLEANER_MAX_BYTES_PER_SECOND,
                CLEANER_DEDUPE_BUFFER_BYTES,
                CLEANER_BUFFER_LOAD_FACTOR,
                CLEANER_IO_BUFFER_BYTES,
                CLEANER_BACKOFF_MILLIS,
                PRODUCER_ID_EXPIRATION_MILLIS,
                SNAPSHOT_AFTER_BYTES,
                SNAPSHOT_INTERVAL_MILLIS);
    }
}
