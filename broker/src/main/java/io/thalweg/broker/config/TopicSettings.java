package io.thalweg.broker.config;

import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.TimestampType;
import io.thalweg.spi.storage.LogConfig;

/**
 * What a topic's settings come down to, its own over the broker's; immutable, read on every request.
 *
 * @param maxMessageBytes the largest batch that is taken
 * @param minInsyncReplicas how many in-sync replicas acks=all needs
 * @param timestampType who stamps records
 * @param timestampBeforeMaxMillis how far a producer's timestamp may lie behind the broker's clock
 * @param timestampAfterMaxMillis how far it may lie ahead
 * @param isCompacted whether the latest record of a key outlives the others
 * @param compression what the topic asks for; NONE also when it keeps what the producer chose
 * @param toLogConfig what concerns the log's bytes
 */
public record TopicSettings(
        int maxMessageBytes,
        int minInsyncReplicas,
        TimestampType timestampType,
        long timestampBeforeMaxMillis,
        long timestampAfterMaxMillis,
        boolean isCompacted,
        Compression compression,
        LogConfig toLogConfig) {}
