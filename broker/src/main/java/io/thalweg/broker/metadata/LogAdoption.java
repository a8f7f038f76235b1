package io.thalweg.broker.metadata;

import io.thalweg.broker.partition.HighestEpoch;
import io.thalweg.coordinator.controller.AdoptedTopic;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.TopicNames;
import io.thalweg.coordinator.local.LocalMetadataLog;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes topics of the logs that the first broker of a cluster finds in its storage, as a copy of the directories of Apache Kafka has them.
 * Once a broker is registered, a log without a topic is one that a deletion has left, and stays so.
 *
 * <p>A log without a topic id is nobody's. Confined to one start; the steps run one after the other.
 */
public final class LogAdoption {

    private static final Logger log = LoggerFactory.getLogger(LogAdoption.class);

    /** Logs that hold metadata. */
    private static final Set<String> METADATA = Set.of(LocalMetadataLog.ID.topic(), KafkaSettings.TOPIC);

    private static final UUID NO_ID = new UUID(0, 0);

    /** More than a topic may have, so that a name such as {@code notes-2024} makes none of that size. */
    private static final int MAX_PARTITIONS = 10_000;

    private final StorageEngine engine;
    private final Controller controller;
    private final int brokerId;
    private final Function<String, SortedMap<String, String>> settings;

    /**
     * An adoption by a broker.
     *
     * @param settings what is to be set for a topic of a name, but for what Kafka has noted
     */
    public LogAdoption(
            StorageEngine engine,
            Controller controller,
            int brokerId,
            Function<String, SortedMap<String, String>> settings) {
        this.engine = engine;
        this.controller = controller;
        this.brokerId = brokerId;
        this.settings = settings;
    }

    /** Completes once there are topics for all logs that can have one, if the cluster has no broker yet. */
    public CompletionStage<Void> run(MetadataImage image) {
        if (!image.brokers().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return KafkaSettings.read(engine).thenCompose(kafka -> {
            CompletionStage<Void> done = CompletableFuture.completedFuture(null);
            for (var topic : topics(engine.logs()).values()) {
                done = done.thenCompose(before -> adopt(topic, kafka));
            }
            return done;
        });
    }

    /** The logs of each topic by partition. */
    private static SortedMap<String, SortedMap<Integer, LogId>> topics(List<LogId> logs) {
        var topics = new TreeMap<String, SortedMap<Integer, LogId>>();
        for (var id : logs) {
            if (METADATA.contains(id.topic())) {
                continue;
            }
            if (id.topicId().equals(NO_ID) || id.partition() >= MAX_PARTITIONS || !TopicNames.isValid(id.topic())) {
                log.warn("log {} is left alone: it has no topic id, or a name that no topic can have", id);
                continue;
            }
            topics.computeIfAbsent(id.topic(), name -> new TreeMap<>()).merge(id.partition(), id, LogAdoption::first);
        }
        topics.values().forEach(LogAdoption::keepOneTopic);
        return topics;
    }

    private static LogId first(LogId one, LogId other) {
        log.warn("log {} is left alone: another one has its name", other);
        return one;
    }

    /** Of several topics of one name that with the first partition counts. */
    private static void keepOneTopic(SortedMap<Integer, LogId> partitions) {
        var topicId = partitions.values().iterator().next().topicId();
        partitions.values().removeIf(id -> {
            var isOther = !id.topicId().equals(topicId);
            if (isOther) {
                log.warn("log {} is left alone: its topic id {} is not {}", id, id.topicId(), topicId);
            }
            return isOther;
        });
    }

    private CompletionStage<Void> adopt(SortedMap<Integer, LogId> partitions, KafkaSettings kafka) {
        var first = partitions.values().iterator().next();
        List<CompletableFuture<Integer>> epochs = new ArrayList<>();
        for (var partition = 0; partition <= partitions.lastKey(); partition++) {
            var id = partitions.get(partition);
            if (id == null) {
                log.warn("topic {} has no log of partition {}, which begins empty", first.topic(), partition);
                epochs.add(CompletableFuture.completedFuture(0));
            } else {
                epochs.add(highestEpoch(id).toCompletableFuture());
            }
        }
        return CompletableFuture.allOf(epochs.toArray(CompletableFuture[]::new))
                .thenCompose(read -> adopt(
                        first, epochs.stream().map(CompletableFuture::join).toList(), kafka));
    }

    private CompletionStage<Void> adopt(LogId first, List<Integer> epochs, KafkaSettings kafka) {
        var configs = new TreeMap<>(settings.apply(first.topic()));
        configs.putAll(kafka.of(first.topic()));
        var topic = new AdoptedTopic(first.topic(), first.topicId(), brokerId, epochs, configs);
        log.info(
                "topic {} with id {} and {} partitions is taken over with its logs; set for it: {}",
                topic.name(),
                topic.id(),
                epochs.size(),
                topic.configs());
        return controller.adopt(topic);
    }

    /** Reads the end of a log, and closes it; one that cannot be read is offline later, and 0 is as good as any. */
    private CompletionStage<Integer> highestEpoch(LogId id) {
        return engine.open(id, LogConfig.DEFAULT)
                .thenCompose(opened -> HighestEpoch.of(opened, engine.checkpoints(id))
                        .whenComplete((epoch, failure) -> opened.close()))
                .exceptionally(failure -> {
                    log.error("the log {} that was found cannot be read", id, failure);
                    return 0;
                });
    }
}
