package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** The broker's defaults for the settings of topics; {@link TopicSynonyms} says which stands in for which. */
public final class LogKeys {

    public static final ConfigKey<Integer> MESSAGE_MAX_BYTES =
            defaultOf(TopicKeys.MAX_MESSAGE_BYTES, "message.max.bytes");

    public static final ConfigKey<Integer> MIN_INSYNC_REPLICAS =
            defaultOf(TopicKeys.MIN_INSYNC_REPLICAS, "min.insync.replicas");

    public static final ConfigKey<String> DURABILITY = defaultOf(TopicKeys.DURABILITY, "log.durability");

    public static final ConfigKey<Boolean> UNCLEAN_LEADER_ELECTION =
            defaultOf(TopicKeys.UNCLEAN_LEADER_ELECTION, "unclean.leader.election.enable");

    public static final ConfigKey<String> COMPRESSION_TYPE = defaultOf(TopicKeys.COMPRESSION_TYPE, "compression.type");

    public static final ConfigKey<Integer> COMPRESSION_GZIP_LEVEL =
            defaultOf(TopicKeys.COMPRESSION_GZIP_LEVEL, "compression.gzip.level");

    public static final ConfigKey<Integer> COMPRESSION_LZ4_LEVEL =
            defaultOf(TopicKeys.COMPRESSION_LZ4_LEVEL, "compression.lz4.level");

    public static final ConfigKey<Integer> COMPRESSION_ZSTD_LEVEL =
            defaultOf(TopicKeys.COMPRESSION_ZSTD_LEVEL, "compression.zstd.level");

    public static final ConfigKey<String> TIMESTAMP_TYPE =
            defaultOf(TopicKeys.TIMESTAMP_TYPE, "log.message.timestamp.type");

    public static final ConfigKey<Long> TIMESTAMP_BEFORE_MAX_MILLIS =
            defaultOf(TopicKeys.TIMESTAMP_BEFORE_MAX_MILLIS, "log.message.timestamp.before.max.ms");

    public static final ConfigKey<Long> TIMESTAMP_AFTER_MAX_MILLIS =
            defaultOf(TopicKeys.TIMESTAMP_AFTER_MAX_MILLIS, "log.message.timestamp.after.max.ms");

    public static final ConfigKey<List<String>> CLEANUP_POLICY =
            defaultOf(TopicKeys.CLEANUP_POLICY, "log.cleanup.policy");

    public static final ConfigKey<Long> RETENTION_MILLIS = ConfigKey.ofLong("log.retention.ms", null)
            .allowing(time -> time != 0, "-1 or a number above 0")
            .changeable()
            .documented("The default of the topic setting retention.ms, in milliseconds; a number below 0 means no such"
                    + " limit. Unset means log.retention.minutes.");

    public static final ConfigKey<Integer> RETENTION_MINUTES = ConfigKey.ofInt("log.retention.minutes", null)
            .allowing(time -> time != 0, "-1 or a number above 0")
            .documented("The default of the topic setting retention.ms, in minutes, when log.retention.ms is not set."
                    + " Unset means log.retention.hours.");

    public static final ConfigKey<Integer> RETENTION_HOURS = ConfigKey.ofInt("log.retention.hours", 168)
            .allowing(time -> time != 0, "-1 or a number above 0")
            .documented("The default of the topic setting retention.ms, in hours, when neither log.retention.ms nor"
                    + " log.retention.minutes is set.");

    public static final ConfigKey<Long> RETENTION_BYTES = defaultOf(TopicKeys.RETENTION_BYTES, "log.retention.bytes");

    public static final ConfigKey<Long> MIN_COMPACTION_LAG_MILLIS =
            defaultOf(TopicKeys.MIN_COMPACTION_LAG_MILLIS, "log.cleaner.min.compaction.lag.ms");

    public static final ConfigKey<Long> MAX_COMPACTION_LAG_MILLIS =
            defaultOf(TopicKeys.MAX_COMPACTION_LAG_MILLIS, "log.cleaner.max.compaction.lag.ms");

    public static final ConfigKey<Double> MIN_CLEANABLE_RATIO =
            defaultOf(TopicKeys.MIN_CLEANABLE_DIRTY_RATIO, "log.cleaner.min.cleanable.ratio");

    public static final ConfigKey<Long> DELETE_RETENTION_MILLIS =
            defaultOf(TopicKeys.DELETE_RETENTION_MILLIS, "log.cleaner.delete.retention.ms");

    public static final ConfigKey<Long> FLUSH_MESSAGES =
            defaultOf(TopicKeys.FLUSH_MESSAGES, "log.flush.interval.messages");

    public static final ConfigKey<Long> FLUSH_MILLIS = ConfigKey.ofLong("log.flush.interval.ms", null)
            .atLeast(0)
            .changeable()
            .documented("The default of the topic setting flush.ms, in milliseconds. Unset means"
                    + " log.flush.scheduler.interval.ms.");

    public static final ConfigKey<Long> FLUSH_SCHEDULER_MILLIS = ConfigKey.ofLong(
                    "log.flush.scheduler.interval.ms", Long.MAX_VALUE)
            .atLeast(0)
            .documented("The default of the topic setting flush.ms, in milliseconds, when log.flush.interval.ms"
                    + " is not set.");

    public static final ConfigKey<Integer> SEGMENT_BYTES = defaultOf(TopicKeys.SEGMENT_BYTES, "log.segment.bytes");

    public static final ConfigKey<Long> ROLL_MILLIS = ConfigKey.ofLong("log.roll.ms", null)
            .atLeast(1)
            .changeable()
            .documented("The default of the topic setting segment.ms, in milliseconds. Unset means log.roll.hours.");

    public static final ConfigKey<Integer> ROLL_HOURS = ConfigKey.ofInt("log.roll.hours", 168)
            .atLeast(1)
            .documented("The default of the topic setting segment.ms, in hours, when log.roll.ms is not set.");

    public static final ConfigKey<Long> ROLL_JITTER_MILLIS = ConfigKey.ofLong("log.roll.jitter.ms", null)
            .atLeast(0)
            .changeable()
            .documented("The default of the topic setting segment.jitter.ms, in milliseconds. Unset means"
                    + " log.roll.jitter.hours.");

    public static final ConfigKey<Integer> ROLL_JITTER_HOURS = ConfigKey.ofInt("log.roll.jitter.hours", 0)
            .atLeast(0)
            .documented("The default of the topic setting segment.jitter.ms, in hours, when log.roll.jitter.ms is not"
                    + " set.");

    public static final ConfigKey<Integer> INDEX_MAX_BYTES =
            defaultOf(TopicKeys.SEGMENT_INDEX_BYTES, "log.index.size.max.bytes");

    public static final ConfigKey<Integer> INDEX_INTERVAL_BYTES =
            defaultOf(TopicKeys.INDEX_INTERVAL_BYTES, "log.index.interval.bytes");

    public static final ConfigKey<Boolean> PREALLOCATE = defaultOf(TopicKeys.PREALLOCATE, "log.preallocate");

    private LogKeys() {}

    private static <T> ConfigKey<T> defaultOf(ConfigKey<T> topicKey, String name) {
        return topicKey.named(name)
                .changeable()
                .documented("The setting " + topicKey.name() + " of topics that do not set it themselves. "
                        + topicKey.documentation());
    }

    static List<ConfigKey<?>> all() {
        return List.of(
                MESSAGE_MAX_BYTES,
                MIN_INSYNC_REPLICAS,
                DURABILITY,
                UNCLEAN_LEADER_ELECTION,
                COMPRESSION_TYPE,
                COMPRESSION_GZIP_LEVEL,
                COMPRESSION_LZ4_LEVEL,
                COMPRESSION_ZSTD_LEVEL,
                TIMESTAMP_TYPE,
                TIMESTAMP_BEFORE_MAX_MILLIS,
                TIMESTAMP_AFTER_MAX_MILLIS,
                CLEANUP_POLICY,
                RETENTION_MILLIS,
                RETENTION_MINUTES,
                RETENTION_HOURS,
                RETENTION_BYTES,
                MIN_COMPACTION_LAG_MILLIS,
                MAX_COMPACTION_LAG_MILLIS,
                MIN_CLEANABLE_RATIO,
                DELETE_RETENTION_MILLIS,
                FLUSH_MESSAGES,
                FLUSH_MILLIS,
                FLUSH_SCHEDULER_MILLIS,
                SEGMENT_BYTES,
                ROLL_MILLIS,
                ROLL_HOURS,
                ROLL_JITTER_MILLIS,
                ROLL_JITTER_HOURS,
                INDEX_MAX_BYTES,
                INDEX_INTERVAL_BYTES,
                PREALLOCATE);
    }
}
