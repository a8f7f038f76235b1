package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.TopicRecord;
import io.thalweg.protocol.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a topic of logs that are there. Nobody leads it before its broker comes; nothing is done if there is a topic of its name or id.
 */
final class Adoption implements Work {

    private static final Logger LOG = LoggerFactory.getLogger(Adoption.class);

    private final AdoptedTopic topic;
    private final ConfigSchema schema;
    private final CompletableFuture<Void> stage = new CompletableFuture<>();

    Adoption(AdoptedTopic topic, ConfigSchema schema) {
        this.topic = topic;
        this.schema = schema;
    }

    CompletionStage<Void> stage() {
        return stage;
    }

    @Override
    public List<Message> decide(MetadataImage image) {
        if (image.topic(topic.name()).isPresent() || image.topic(topic.id()).isPresent()) {
            return List.of();
        }
        var records = new ArrayList<Message>();
        records.add(new TopicRecord(topic.name(), topic.id()));
        var replicas = List.of(topic.brokerId());
        for (var epoch : topic.leaderEpochs()) {
            var partition = records.size() - 1;
            records.add(ImageRecords.partition(
                    topic.id(), new PartitionImage(partition, replicas, replicas, PartitionImage.NO_LEADER, epoch, 0)));
        }
        var resource = ConfigResource.ofTopic(topic.name());
        configs(resource).forEach((name, value) -> records.add(ImageRecords.config(resource, name, value)));
        return records;
    }

    /** What is set for the topic, without what cannot be set here. */
    private SortedMap<String, String> configs(ConfigResource resource) {
        var values = new TreeMap<String, String>();
        topic.configs().forEach((name, value) -> {
            values.put(name, value);
            schema.refusal(resource, values).ifPresent(reason -> {
                LOG.warn("{}={} of topic {} is not taken over: {}", name, value, topic.name(), reason);
                values.remove(name);
            });
        });
        return values;
    }

    @Override
    public void succeed() {
        stage.complete(null);
    }

    @Override
    public void fail(ControllerException cause) {
        stage.completeExceptionally(cause);
    }
}
