package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which settings of a broker stand in for a setting of a topic or a group that is not set there, the first that is set first;
 * names and order are Kafka's.
 */
final class TopicSynonyms {

    private static final SortedMap<String, List<Synonym>> BY_NAME = new TreeMap<>();

    static {
        put(TopicKeys.MAX_MESSAGE_BYTES, LogKeys.MESSAGE_MAX_BYTES);
        put(TopicKeys.MIN_INSYNC_REPLICAS, LogKeys.MIN_INSYNC_REPLICAS);
        put(TopicKeys.DURABILITY, LogKeys.DURABILITY);
        put(TopicKeys.UNCLEAN_LEADER_ELECTION, LogKeys.UNCLEAN_LEADER_ELECTION);
        put(TopicKeys.COMPRESSION_TYPE, LogKeys.COMPRESSION_TYPE);
        put(TopicKeys.COMPRESSION_GZIP_LEVEL, LogKeys.COMPRESSION_GZIP_LEVEL);
        put(TopicKeys.COMPRESSION_LZ4_LEVEL, LogKeys.COMPRESSION_LZ4_LEVEL);
        put(TopicKeys.COMPRESSION_ZSTD_LEVEL, LogKeys.COMPRESSION_ZSTD_LEVEL);
        put(TopicKeys.TIMESTAMP_TYPE, LogKeys.TIMESTAMP_TYPE);
        put(TopicKeys.TIMESTAMP_BEFORE_MAX_MILLIS, LogKeys.TIMESTAMP_BEFORE_MAX_MILLIS);
        put(TopicKeys.TIMESTAMP_AFTER_MAX_MILLIS, LogKeys.TIMESTAMP_AFTER_MAX_MILLIS);
        put(TopicKeys.CLEANUP_POLICY, LogKeys.CLEANUP_POLICY);
        put(TopicKeys.RETENTION_BYTES, LogKeys.RETENTION_BYTES);
        put(TopicKeys.MIN_COMPACTION_LAG_MILLIS, LogKeys.MIN_COMPACTION_LAG_MILLIS);
        put(TopicKeys.MAX_COMPACTION_LAG_MILLIS, LogKeys.MAX_COMPACTION_LAG_MILLIS);
        put(TopicKeys.MIN_CLEANABLE_DIRTY_RATIO, LogKeys.MIN_CLEANABLE_RATIO);
        put(TopicKeys.DELETE_RETENTION_MILLIS, LogKeys.DELETE_RETENTION_MILLIS);
        put(TopicKeys.FLUSH_MESSAGES, LogKeys.FLUSH_MESSAGES);
        put(TopicKeys.SEGMENT_BYTES, LogKeys.SEGMENT_BYTES);
        put(TopicKeys.SEGMENT_INDEX_BYTES, LogKeys.INDEX_MAX_BYTES);
        put(TopicKeys.INDEX_INTERVAL_BYTES, LogKeys.INDEX_INTERVAL_BYTES);
        put(TopicKeys.PREALLOCATE, LogKeys.PREALLOCATE);
        put(
                TopicKeys.RETENTION_MILLIS,
                Synonym.of(LogKeys.RETENTION_MILLIS, Synonym.Unit.MILLIS),
                Synonym.of(LogKeys.RETENTION_MINUTES, Synonym.Unit.MINUTES),
                Synonym.of(LogKeys.RETENTION_HOURS, Synonym.Unit.HOURS));
        put(
                TopicKeys.SEGMENT_MILLIS,
                Synonym.of(LogKeys.ROLL_MILLIS, Synonym.Unit.MILLIS),
                Synonym.of(LogKeys.ROLL_HOURS, Synonym.Unit.HOURS));
        put(
                TopicKeys.SEGMENT_JITTER_MILLIS,
                Synonym.of(LogKeys.ROLL_JITTER_MILLIS, Synonym.Unit.MILLIS),
                Synonym.of(LogKeys.ROLL_JITTER_HOURS, Synonym.Unit.HOURS));
        put(
                TopicKeys.FLUSH_MILLIS,
                Synonym.of(LogKeys.FLUSH_MILLIS, Synonym.Unit.MILLIS),
                Synonym.of(LogKeys.FLUSH_SCHEDULER_MILLIS, Synonym.Unit.MILLIS));
        BY_NAME.put("file.delete.delay.ms", List.of(Synonym.of("log.segment.delete.delay.ms")));
        BY_NAME.put("local.retention.bytes", List.of(Synonym.of("log.local.retention.bytes")));
        BY_NAME.put("local.retention.ms", List.of(Synonym.of("log.local.retention.ms")));
    }

    private TopicSynonyms() {}

    private static void put(ConfigKey<?> topicKey, ConfigKey<?> brokerKey) {
        put(topicKey, Synonym.of(brokerKey.name()));
    }

    private static void put(ConfigKey<?> topicKey, Synonym... synonyms) {
        BY_NAME.put(topicKey.name(), List.of(synonyms));
    }

    /** What stands in for this setting of a topic. */
    static List<Synonym> ofTopic(String name) {
        return BY_NAME.getOrDefault(name, List.of());
    }

    /** What stands in for this setting of a group: the broker's setting of its name behind {@code group.}, if there is one. */
    static List<Synonym> ofGroup(String name, ConfigCatalog brokers) {
        var synonym = "group." + name;
        return brokers.find(synonym).isPresent() ? List.of(Synonym.of(synonym)) : List.of();
    }

    /** The settings of a broker of which the named one is the first that counts, itself included. */
    static List<Synonym> ofBroker(String name) {
        return BY_NAME.values().stream()
                .filter(synonyms -> synonyms.size() > 1)
                .filter(synonyms ->
                        synonyms.stream().anyMatch(synonym -> synonym.name().equals(name)))
                .findFirst()
                .orElseGet(() -> List.of(Synonym.of(name)));
    }
}
