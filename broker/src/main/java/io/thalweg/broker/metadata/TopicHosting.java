package io.thalweg.broker.metadata;

import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.partition.Following;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.shard.Shards;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataDelta;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionChange;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.transport.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of this broker what an image says: opens, re-opens, configures, gives up and deletes them. One change at a
 * time, on whatever thread the change before it ended.
 */
public final class TopicHosting {

    private static final Logger log = LoggerFactory.getLogger(TopicHosting.class);

    private final int brokerId;
    private final String interBrokerListener;
    private final ConfigValues fixedConfig;
    private final TopicTable topics;
    private final Shards shards;
    private final StorageEngine engine;
    private final TopicListener listener;

    /**
     * Hosts the partitions that the broker holds.
     *
     * @param interBrokerListener over which leaders are fetched from
     * @param fixedConfig the settings the broker was started with
     */
    public TopicHosting(
            int brokerId,
            String interBrokerListener,
            ConfigValues fixedConfig,
            TopicTable topics,
            Shards shards,
            StorageEngine engine,
            TopicListener listener) {
        this.brokerId = brokerId;
        this.interBrokerListener = interBrokerListener;
        this.fixedConfig = fixedConfig;
        this.topics = topics;
        this.shards = shards;
        this.engine = engine;
        this.listener = listener;
    }

    /** Completes once the change is in force; what could not be opened is logged and answers with a storage error. */
    CompletionStage<Void> carryOut(MetadataDelta delta) {
        var configs = layers(delta.after());
        List<CompletionStage<Void>> steps = new ArrayList<>();
        delta.topics().deleted().forEach(topic -> steps.add(delete(topic)));
        // Before any ISR shrinks: min.insync.replicas may have been raised first.
        configure(delta, configs);
        delta.topics().created().forEach(topic -> steps.add(step(() -> create(topic, delta.after(), configs))));
        delta.topics().partitions().forEach(change -> steps.add(step(() -> change(change, delta.after()))));
        return all(steps);
    }

    private BrokerLayers layers(MetadataImage image) {
        return BrokerLayers.of(image, brokerId, fixedConfig);
    }

    private CompletionStage<Void> create(TopicImage topic, MetadataImage image, BrokerLayers configs) {
        var settings = configs.topic(ConfigValues.of(image.configs(ConfigResource.ofTopic(topic.name()))));
        var traffic = listener.created(topic.name());
        var partitions = new ArrayList<Partition>();
        for (var partition : topic.partitions()) {
            partitions.add(partition(topic, partition, traffic));
        }
        var hosted = new HostedTopic(topic.name(), topic.id(), partitions, settings);
        topics.put(hosted);
        List<CompletionStage<Void>> steps = new ArrayList<>();
        topic.partitions().forEach(partition -> steps.add(step(() -> host(hosted, partition, image))));
        return all(steps);
    }

    private Partition partition(TopicImage topic, PartitionImage partition, TopicTraffic traffic) {
        var id = new LogId(topic.name(), topic.id(), partition.partition());
        return new Partition(id, shards.indexOf(id), traffic);
    }

    private CompletionStage<Void> host(HostedTopic topic, PartitionImage image, MetadataImage metadata) {
        if (!image.replicas().contains(brokerId)) {
            return CompletableFuture.completedFuture(null);
        }
        var partition = topic.partitions().get(image.partition());
        if (image.leaderEpoch() == 0 && image.partitionEpoch() == 0) {
            // It has just been created, so that no directory has anything of it.
            announce(partition.id());
        }
        var config = topic.settings().toLogConfig();
        return image.leader() == brokerId
                ? shards.hostOf(partition).lead(partition, config, leading(topic, image))
                : shards.hostOf(partition).follow(partition, config, following(image, metadata));
    }

    /** A plug-in that throws is asked to open the log all the same: that fails too, or is tried again. */
    private void announce(LogId id) {
        if (engine instanceof PlacedEngine placed) {
            try {
                placed.announce(id);
            } catch (RuntimeException e) {
                log.warn("{} could not be announced as new to its storage", id, e);
            }
        }
    }

    private Leading leading(HostedTopic topic, PartitionImage image) {
        return new Leading(
                brokerId,
                image.leaderEpoch(),
                new Assignment(image.replicas(), image.isr(), image.partitionEpoch()),
                topic.settings().minInsyncReplicas());
    }

    private Following following(PartitionImage image, MetadataImage metadata) {
        var leader = metadata.broker(image.leader())
                .flatMap(broker -> broker.endpoint(interBrokerListener))
                .map(endpoint -> new Endpoint(endpoint.host(), endpoint.port()))
                .orElse(null);
        return new Following(brokerId, image.leader(), image.leaderEpoch(), leader);
    }

    private CompletionStage<Void> change(PartitionChange change, MetadataImage metadata) {
        var known = topics.find(change.topic().id());
        if (known == null) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("topic " + change.topic().name() + " changed before it was created"));
        }
        if (change.previous().isEmpty()) {
            var partitions = new ArrayList<>(known.partitions());
            var traffic = known.partitions().get(0).traffic();
            partitions.add(partition(change.topic(), change.after(), traffic));
            var grown = new HostedTopic(known.name(), known.id(), partitions, known.settings());
            topics.put(grown);
            return host(grown, change.after(), metadata);
        }
        var wasHere = change.previous().get().replicas().contains(brokerId);
        if (wasHere && !change.after().replicas().contains(brokerId)) {
            return remove(known.partitions().get(change.after().partition()));
        }
        return host(known, change.after(), metadata);
    }

    /** The partition was moved to other brokers. */
    private CompletionStage<Void> remove(Partition partition) {
        return shards.hostOf(partition)
                .giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "it was moved to other brokers")
                .thenCompose(nothing -> engine.delete(partition.id()));
    }

    /** Gives a partition up for as long as the end of the move of its log takes, and takes its role up again, moved or not. */
    CompletionStage<Void> swap(MetadataImage image, LogId id, PlacedEngine.Move move) {
        var known = topics.find(id.topicId());
        var after = image.topic(id.topicId()).flatMap(topic -> topic.partition(id.partition()));
        if (known == null || after.isEmpty()) {
            return CompletableFuture.failedFuture(new IllegalStateException(id + " is gone"));
        }
        var partition = known.partitions().get(id.partition());
        var moved = shards.hostOf(partition)
                .suspend(partition, "its log is taken to another directory")
                .thenCompose(nothing -> move.finish());
        return moved.handle((nothing, failure) -> host(known, after.get(), image))
                .thenCompose(led -> led)
                .thenCompose(nothing -> moved);
    }

    /**
     * Throws away the log of a damaged replica that nobody relies on and another leads, and begins to follow with an empty one; where
     * that is no longer so, or not yet, nothing happens.
     */
    CompletionStage<Void> fetchAnew(MetadataImage image, LogId id) {
        var known = topics.find(id.topicId());
        var after = image.topic(id.topicId())
                .flatMap(topic -> topic.partition(id.partition()))
                .filter(this::isDispensable);
        if (known == null || after.isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        var partition = known.partitions().get(id.partition());
        log.warn(
                "{} is damaged here, and is thrown away and fetched from broker {}",
                id,
                after.get().leader());
        return shards.hostOf(partition)
                .giveUp(partition, ErrorCode.KAFKA_STORAGE_ERROR, "its log is damaged")
                .thenCompose(nothing -> engine.delete(id))
                .thenCompose(nothing -> {
                    announce(id);
                    return followAnew(partition, () -> host(known, after.get(), image));
                });
    }

    /** One that cannot begin stays damaged: nobody would try again to open a log that is missed by nobody. */
    private static CompletionStage<Void> followAnew(Partition partition, Supplier<CompletionStage<Void>> beginning) {
        partition.publishDamaged(false);
        return beginning.get().whenComplete((nothing, failure) -> {
            if (failure != null) {
                partition.publishDamaged(true);
            }
        });
    }

    /** Whether others have all of a partition, and need nothing of what this broker has. */
    boolean isDispensable(PartitionImage partition) {
        return partition.replicas().contains(brokerId)
                && partition.hasLeader()
                && !partition.isr().contains(brokerId)
                && !partition.elr().contains(brokerId);
    }

    private CompletionStage<Void> delete(TopicImage topic) {
        var known = topics.find(topic.id());
        if (known == null) {
            return CompletableFuture.completedFuture(null);
        }
        topics.remove(known);
        listener.deleted(topic.name());
        List<CompletionStage<Void>> steps = new ArrayList<>();
        for (var partition : known.partitions()) {
            steps.add(shards.hostOf(partition)
                    .giveUp(partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "the topic was deleted")
                    .thenCompose(nothing -> engine.delete(partition.id())));
        }
        return all(steps);
    }

    private void configure(MetadataDelta delta, BrokerLayers configs) {
        for (var resource : delta.configs()) {
            if (resource.type() == ConfigResource.Type.TOPIC) {
                delta.after().topic(resource.name()).ifPresent(topic -> configure(topic, delta.after(), configs));
            } else {
                delta.after().topics().forEach(topic -> configure(topic, delta.after(), configs));
            }
        }
    }

    private void configure(TopicImage topic, MetadataImage image, BrokerLayers configs) {
        var known = topics.find(topic.id());
        if (known == null) {
            return;
        }
        var settings = configs.topic(ConfigValues.of(image.configs(ConfigResource.ofTopic(topic.name()))));
        if (!settings.equals(known.settings())) {
            topics.put(new HostedTopic(known.name(), known.id(), known.partitions(), settings));
            for (var partition : known.partitions()) {
                shards.hostOf(partition).configure(partition, settings.toLogConfig(), settings.minInsyncReplicas());
            }
        }
    }

    /** What a step throws is its own failure: the others are taken. */
    private static CompletionStage<Void> step(Supplier<CompletionStage<Void>> step) {
        return CompletableFuture.completedStage(null).thenCompose(nothing -> step.get());
    }

    /** Completes when every step has, whether or not it failed; a failure is logged. */
    private static CompletionStage<Void> all(List<CompletionStage<Void>> steps) {
        CompletionStage<Void> all = CompletableFuture.completedFuture(null);
        for (var step : steps) {
            all = all.thenCombine(step.exceptionally(TopicHosting::logged), (before, now) -> null);
        }
        return all;
    }

    private static Void logged(Throwable failure) {
        log.error("a partition could not be opened, closed or deleted", failure);
        return null;
    }
}
