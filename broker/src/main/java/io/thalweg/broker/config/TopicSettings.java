package io.thalweg.broker.config;

import io.thalweg.protocol.record.TimestampType;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import java.util.Locale;

/**
 * What counts for one topic, typed: what the hot path reads on every request. {@link BrokerLayers#topic} resolves it.
 *
 * @param maxMessageBytes the largest batch that may be appended
 * @param minInsyncReplicas how many replicas must be in sync for acks=all and for the high watermark to advance
 * @param uncleanLeaderElection whether a replica out of sync may lead
 * @param compression how batches are compressed in the log
 * @param timestamps whose clock timestamps are of, and how far off they may be
 * @param retention which old segments are dropped
 * @param compaction whether and when the log is compacted
 * @param throttle which replicas are throttled
 * @param log what the storage engine gets
 */
public record TopicSettings(
        int maxMessageBytes,
        int minInsyncReplicas,
        boolean uncleanLeaderElection,
        CompressionConfig compression,
        TimestampConfig timestamps,
        RetentionConfig retention,
        CompactionConfig compaction,
        ThrottleConfig throttle,
        LogConfig log) {

    /** What counts for a topic when nothing is set anywhere. */
    public static final TopicSettings DEFAULT = of(ConfigValues.empty());

    /** Reads it from the topic settings that count; what is not set there has its default. */
    static TopicSettings of(ConfigValues values) {
        return new TopicSettings(
                values.value(TopicKeys.MAX_MESSAGE_BYTES),
                values.value(TopicKeys.MIN_INSYNC_REPLICAS),
                values.value(TopicKeys.UNCLEAN_LEADER_ELECTION),
                CompressionConfig.of(values),
                TimestampConfig.of(values),
                RetentionConfig.of(values),
                CompactionConfig.of(values),
                ThrottleConfig.of(values),
                logConfig(values));
    }

    private static LogConfig logConfig(ConfigValues values) {
        return new LogConfig(
                Durability.valueOf(values.value(TopicKeys.DURABILITY).toUpperCase(Locale.ROOT)),
                values.find(TopicKeys.INTERNAL_SEGMENT_BYTES).orElseGet(() -> values.value(TopicKeys.SEGMENT_BYTES)),
                segmentMillis(values),
                values.value(TopicKeys.SEGMENT_JITTER_MILLIS),
                values.value(TopicKeys.INDEX_INTERVAL_BYTES),
                values.value(TopicKeys.SEGMENT_INDEX_BYTES),
                values.value(TopicKeys.PREALLOCATE),
                values.value(TopicKeys.FLUSH_MESSAGES),
                values.value(TopicKeys.FLUSH_MILLIS));
    }

    /** A record cannot be compacted before its segment is closed. */
    private static long segmentMillis(ConfigValues values) {
        long millis = values.value(TopicKeys.SEGMENT_MILLIS);
        return values.value(TopicKeys.CLEANUP_POLICY).contains("compact")
                ? Math.min(millis, values.value(TopicKeys.MAX_COMPACTION_LAG_MILLIS))
                : millis;
    }

    /** Whether the last record of a key outlives the others. */
    public boolean isCompacted() {
        return compaction.isEnabled();
    }

    /** Who stamps records. */
    public TimestampType timestampType() {
        return timestamps.type();
    }

    /** How far a producer's timestamp may lie behind the leader's clock. */
    public long timestampBeforeMaxMillis() {
        return timestamps.beforeMaxMillis();
    }

    /** How far a producer's timestamp may lie ahead of the leader's clock. */
    public long timestampAfterMaxMillis() {
        return timestamps.afterMaxMillis();
    }

    /** What a completed commit of the topic's logs means. */
    public Durability durability() {
        return log.durability();
    }

    /** The settings that the storage engine gets. */
    public LogConfig toLogConfig() {
        return log;
    }
}
