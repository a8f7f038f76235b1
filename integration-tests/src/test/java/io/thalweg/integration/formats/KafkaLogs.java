package io.thalweg.integration.formats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.util.KafkaScheduler;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.storage.internals.log.LogDirFailureChannel;
import org.apache.kafka.storage.internals.log.ProducerStateManagerConfig;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.apache.kafka.storage.log.metrics.BrokerTopicStats;

/** Kafka's own logs over directories of partitions, as its broker opens them. */
final class KafkaLogs implements AutoCloseable {

    /** Kafka's smallest segment. */
    static final String SEGMENT_BYTES = "1048576";

    private final KafkaScheduler scheduler = new KafkaScheduler(1);

    KafkaLogs() {
        scheduler.startup();
    }

    UnifiedLog open(Path partition, Uuid topicId, boolean isClean) throws IOException {
        Files.createDirectories(partition);
        return UnifiedLog.create(
                partition.toFile(),
                new LogConfig(Map.of("segment.bytes", SEGMENT_BYTES)),
                0,
                0,
                scheduler,
                new BrokerTopicStats(),
                Time.SYSTEM,
                60_000,
                new ProducerStateManagerConfig(86_400_000, false),
                600_000,
                new LogDirFailureChannel(1),
                isClean,
                Optional.of(topicId));
    }

    @Override
    public void close() {
        try {
            scheduler.shutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
