package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.regex.Pattern;

/** Settings of a topic; {@link TopicSettings} holds them typed. {@link LogKeys} holds the broker's defaults for them. */
public final class TopicKeys {

    private static final Pattern THROTTLED = Pattern.compile("\\*|\\d+:\\d+");

    public static final ConfigKey<Integer> MAX_MESSAGE_BYTES = ConfigKey.ofInt("max.message.bytes", (1 << 20) + 12)
            .atLeast(0)
            .changeable()
            .documented("The largest record batch that may be appended, in bytes, compressed as it is.");

    public static final ConfigKey<Integer> MIN_INSYNC_REPLICAS = ConfigKey.ofInt("min.insync.replicas", 1)
            .atLeast(1)
            .changeable()
            .documented("How many replicas must be in sync for a produce request with acks=all to be accepted, and for"
                    + " the high watermark to advance.");

    public static final ConfigKey<String> DURABILITY = ConfigKey.ofString("durability", "fsync")
            .oneOf("fsync", "os")
            .changeable()
            .documented("What counts as written. With fsync a record is acknowledged once it is on the disks of the"
                    + " replicas that acknowledge it and survives a power cut; with os once it is in their page caches, as"
                    + " in Apache Kafka, and survives the end of a process.");

    public static final ConfigKey<Boolean> UNCLEAN_LEADER_ELECTION = ConfigKey.ofBoolean(
                    "unclean.leader.election.enable", false)
            .changeable()
            .documented("Whether a replica that was not in sync may lead when no other can. Acknowledged records may be"
                    + " lost by that.");

    public static final ConfigKey<String> COMPRESSION_TYPE = ConfigKey.ofString("compression.type", "producer")
            .oneOf("uncompressed", "zstd", "lz4", "snappy", "gzip", "producer")
            .changeable()
            .documented("How batches are compressed in the log; producer keeps what the producer chose.");

    public static final ConfigKey<Integer> COMPRESSION_GZIP_LEVEL = ConfigKey.ofInt("compression.gzip.level", -1)
            .allowing(level -> level == -1 || (level >= 1 && level <= 9), "-1 or a number from 1 to 9")
            .changeable()
            .documented("The effort of gzip when compression.type is gzip; -1 means the library's default.");

    public static final ConfigKey<Integer> COMPRESSION_LZ4_LEVEL = ConfigKey.ofInt("compression.lz4.level", 9)
            .between(1, 17)
            .changeable()
            .documented("The effort of lz4 when compression.type is lz4.");

    public static final ConfigKey<Integer> COMPRESSION_ZSTD_LEVEL = ConfigKey.ofInt("compression.zstd.level", 3)
            .between(-131_072, 22)
            .changeable()
            .documented("The effort of zstd when compression.type is zstd.");

    public static final ConfigKey<String> TIMESTAMP_TYPE = ConfigKey.ofString("message.timestamp.type", "CreateTime")
            .oneOf("CreateTime", "LogAppendTime")
            .changeable()
            .documented("Whose clock a record's timestamp is of: the producer's, or the leader's at the append.");

    public static final ConfigKey<Long> TIMESTAMP_BEFORE_MAX_MILLIS = ConfigKey.ofLong(
                    "message.timestamp.before.max.ms", Long.MAX_VALUE)
            .atLeast(0)
            .changeable()
            .documented("A producer's timestamp may lie this many milliseconds in the past of the leader's clock; an"
                    + " older one is refused. Not used with LogAppendTime.");

    public static final ConfigKey<Long> TIMESTAMP_AFTER_MAX_MILLIS = ConfigKey.ofLong(
                    "message.timestamp.after.max.ms", 3_600_000L)
            .atLeast(0)
            .changeable()
            .documented("A producer's timestamp may lie this many milliseconds in the future of the leader's clock; a"
                    + " later one is refused. Not used with LogAppendTime.");

    public static final ConfigKey<List<String>> CLEANUP_POLICY = ConfigKey.ofList("cleanup.policy", List.of("delete"))
            .oneOf("compact", "delete")
            .changeable()
            .documented("How the log is kept small: delete drops old segments, compact keeps the last record of each"
                    + " key, both do both, and an empty list keeps everything.");

    public static final ConfigKey<Long> RETENTION_MILLIS = ConfigKey.ofLong("retention.ms", 604_800_000L)
            .atLeast(-1)
            .changeable()
            .documented("With cleanup.policy=delete, a closed segment whose newest record is older than this many"
                    + " milliseconds is dropped; -1 means no such limit.");

    public static final ConfigKey<Long> RETENTION_BYTES = ConfigKey.ofLong("retention.bytes", -1L)
            .changeable()
            .documented("With cleanup.policy=delete, the oldest closed segments are dropped while the partition would"
                    + " keep at least this many bytes; a number below 0 means no such limit.");

    public static final ConfigKey<Long> MIN_COMPACTION_LAG_MILLIS = ConfigKey.ofLong("min.compaction.lag.ms", 0L)
            .atLeast(0)
            .changeable()
            .documented("A record stays uncompacted for at least this many milliseconds.");

    public static final ConfigKey<Long> MAX_COMPACTION_LAG_MILLIS = ConfigKey.ofLong(
                    "max.compaction.lag.ms", Long.MAX_VALUE)
            .atLeast(1)
            .changeable()
            .documented("A record waits for compaction no longer than about this many milliseconds.");

    public static final ConfigKey<Double> MIN_CLEANABLE_DIRTY_RATIO = ConfigKey.ofDouble(
                    "min.cleanable.dirty.ratio", 0.5)
            .between(0, 1)
            .changeable()
            .documented("A log is compacted once the part not yet compacted is this share of it.");

    public static final ConfigKey<Long> DELETE_RETENTION_MILLIS = ConfigKey.ofLong("delete.retention.ms", 86_400_000L)
            .atLeast(0)
            .changeable()
            .documented("How long the mark of a deleted key stays in a compacted log, in milliseconds. A reader that"
                    + " starts at the beginning and arrives within that time sees every deletion.");

    public static final ConfigKey<Long> FLUSH_MESSAGES = ConfigKey.ofLong("flush.messages", Long.MAX_VALUE)
            .atLeast(1)
            .changeable()
            .documented("With durability=os, the log is written to disk each time this many records were appended.");

    public static final ConfigKey<Long> FLUSH_MILLIS = ConfigKey.ofLong("flush.ms", Long.MAX_VALUE)
            .atLeast(0)
            .changeable()
            .documented(
                    "With durability=os, no record waits longer than this many milliseconds to be written to disk.");

    public static final ConfigKey<Integer> SEGMENT_BYTES = ConfigKey.ofInt("segment.bytes", 1 << 30)
            .atLeast(1 << 20)
            .changeable()
            .documented("A segment is closed before it grows past this many bytes. Retention and compaction only ever"
                    + " touch closed segments.");

    public static final ConfigKey<Integer> INTERNAL_SEGMENT_BYTES = ConfigKey.ofInt("internal.segment.bytes", null)
            .atLeast(1)
            .changeable()
            .internal()
            .documented("Takes the place of segment.bytes without its lower bound.");

    public static final ConfigKey<Long> SEGMENT_MILLIS = ConfigKey.ofLong("segment.ms", 604_800_000L)
            .atLeast(1)
            .changeable()
            .documented("A segment is closed when its first record is older than this many milliseconds.");

    public static final ConfigKey<Long> SEGMENT_JITTER_MILLIS = ConfigKey.ofLong("segment.jitter.ms", 0L)
            .atLeast(0)
            .changeable()
            .documented("A random part of this many milliseconds is taken off segment.ms, so that the segments of many"
                    + " partitions are not all closed together.");

    public static final ConfigKey<Integer> SEGMENT_INDEX_BYTES = ConfigKey.ofInt("segment.index.bytes", 10 << 20)
            .atLeast(4)
            .changeable()
            .documented("The largest index of a segment, in bytes; a full index closes the segment.");

    public static final ConfigKey<Integer> INDEX_INTERVAL_BYTES = ConfigKey.ofInt("index.interval.bytes", 4096)
            .atLeast(0)
            .changeable()
            .documented("About how many bytes of a log lie between two entries of its index.");

    public static final ConfigKey<Boolean> PREALLOCATE = ConfigKey.ofBoolean("preallocate", false)
            .changeable()
            .documented(
                    "Whether a segment's file gets its full size when it is created. The storage on local disk does not"
                            + " do that: it measures no better.");

    public static final ConfigKey<List<String>> LEADER_THROTTLED_REPLICAS = throttled(
                    "leader.replication.throttled.replicas")
            .changeable()
            .documented("The replicas, as partition:broker, to which leaders send no faster than"
                    + " leader.replication.throttled.rate; * means all.");

    public static final ConfigKey<List<String>> FOLLOWER_THROTTLED_REPLICAS = throttled(
                    "follower.replication.throttled.replicas")
            .changeable()
            .documented("The replicas, as partition:broker, that fetch no faster than"
                    + " follower.replication.throttled.rate; * means all.");

    private TopicKeys() {}

    private static ConfigKey<List<String>> throttled(String name) {
        return ConfigKey.ofList(name, List.of())
                .allowing(
                        list -> list.equals(List.of("*"))
                                || list.stream()
                                        .allMatch(replica ->
                                                THROTTLED.matcher(replica).matches()),
                        "* or partition:broker,partition:broker,…");
    }

    public static final ConfigKey<Boolean> REMOTE_STORAGE = ConfigKey.ofBoolean("remote.storage.enable", false)
            .changeable()
            .allowing(isEnabled -> !isEnabled, "false, because this broker has no tiered storage")
            .documented("Whether closed segments move to remote storage. Not available yet.");

    static List<ConfigKey<?>> all() {
        return List.of(
                MAX_MESSAGE_BYTES,
                MIN_INSYNC_REPLICAS,
                REMOTE_STORAGE,
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
                RETENTION_BYTES,
                MIN_COMPACTION_LAG_MILLIS,
                MAX_COMPACTION_LAG_MILLIS,
                MIN_CLEANABLE_DIRTY_RATIO,
                DELETE_RETENTION_MILLIS,
                FLUSH_MESSAGES,
                FLUSH_MILLIS,
                SEGMENT_BYTES,
                INTERNAL_SEGMENT_BYTES,
                SEGMENT_MILLIS,
                SEGMENT_JITTER_MILLIS,
                SEGMENT_INDEX_BYTES,
                INDEX_INTERVAL_BYTES,
                PREALLOCATE,
                LEADER_THROTTLED_REPLICAS,
                FOLLOWER_THROTTLED_REPLICAS);
    }
}
