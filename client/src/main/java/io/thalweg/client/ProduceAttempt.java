package io.thalweg.client;

import io.thalweg.api.Acks;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;

/** One Produce request to one broker: at most one batch of each partition. Owned by the loop. */
final class ProduceAttempt {

    private static final short LAST_VERSION_BY_NAME = 12;

    private final Leader leader;
    private final Map<TopicPartition, ProducerBatch> batches = new LinkedHashMap<>();
    private final Map<String, UUID> topicIds = new LinkedHashMap<>();
    private final Map<UUID, String> topicNames = new LinkedHashMap<>();
    private final int maxBytes;
    private int sizeInBytes;

    ProduceAttempt(Leader leader, int maxBytes) {
        this.leader = leader;
        this.maxBytes = maxBytes;
    }

    Leader leader() {
        return leader;
    }

    boolean isEmpty() {
        return batches.isEmpty();
    }

    boolean has(TopicPartition partition) {
        return batches.containsKey(partition);
    }

    /** How many bytes of batches may still be added; the first batch may have any size. */
    int bytesLeft() {
        return batches.isEmpty() ? Integer.MAX_VALUE : maxBytes - sizeInBytes;
    }

    void add(ProducerBatch batch, UUID topicId) {
        batches.put(batch.partition(), batch);
        topicIds.put(batch.partition().topic(), topicId);
        topicNames.put(topicId, batch.partition().topic());
        sizeInBytes += batch.bytes().remaining();
    }

    List<ProducerBatch> batches() {
        return List.copyOf(batches.values());
    }

    /** Brokers that know no topic ids are asked by name. */
    short maxVersion() {
        return topicNames.containsKey(Message.ZERO_UUID) ? LAST_VERSION_BY_NAME : Short.MAX_VALUE;
    }

    ProduceRequest request(Acks acks, int timeoutMillis) {
        var byTopic = new LinkedHashMap<String, List<ProduceRequest.Partition>>();
        batches.forEach((partition, batch) -> byTopic.computeIfAbsent(partition.topic(), key -> new ArrayList<>())
                .add(new ProduceRequest.Partition(partition.partition(), new BufferRecords(batch.bytes()))));
        var topics = byTopic.entrySet().stream()
                .map(entry -> new ProduceRequest.Topic(
                        entry.getKey(), topicIds.getOrDefault(entry.getKey(), Message.ZERO_UUID), entry.getValue()))
                .toList();
        return new ProduceRequest(null, code(acks), timeoutMillis, topics);
    }

    private static short code(Acks acks) {
        return switch (acks) {
            case NONE -> 0;
            case LEADER -> 1;
            case ALL -> -1;
        };
    }

    /** Hands each answered batch with its answer to the listener; gives the batches that were not answered. */
    List<ProducerBatch> match(ProduceResponse answer, BiConsumer<ProducerBatch, ProduceResponse.Partition> listener) {
        var left = new LinkedHashMap<>(batches);
        for (var topic : answer.responses()) {
            var name = topic.name().isEmpty() ? topicNames.get(topic.topicId()) : topic.name();
            for (var partition : topic.partitionResponses()) {
                var batch = name == null ? null : left.remove(new TopicPartition(name, partition.index()));
                if (batch != null) {
                    listener.accept(batch, partition);
                }
            }
        }
        return List.copyOf(left.values());
    }
}
