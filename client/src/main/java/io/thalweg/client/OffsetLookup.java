package io.thalweg.client;

import io.thalweg.api.Isolation;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Turns start positions into offsets, by asking the leaders. Owned by the loop. */
final class OffsetLookup {

    private static final int NO_REPLICA = -1;
    private static final long NO_OFFSET = -1;
    private static final long LIST_BEGINNING = -2;
    private static final long LIST_END = -1;

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;
    private final Isolation isolation;

    /** The isolation says where a partition ends: for readers of what is committed before the first transaction that has not. */
    OffsetLookup(MetadataCache metadata, Connections connections, Retries retries, Isolation isolation) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
        this.isolation = isolation;
    }

    /** The offset of each position; asks the leaders together and, if any has moved, once more. From any thread. */
    CompletableFuture<Map<TopicPartition, Long>> resolve(Map<TopicPartition, StartPosition> positions) {
        var found = new LinkedHashMap<TopicPartition, Long>();
        var toAsk = new LinkedHashMap<TopicPartition, Long>();
        positions.forEach((partition, position) -> {
            if (position.kind() == StartPosition.Kind.OFFSET) {
                found.put(partition, position.value());
            } else {
                toAsk.put(partition, listedTimestamp(position));
            }
        });
        if (toAsk.isEmpty()) {
            return CompletableFuture.completedFuture(found);
        }
        return known(positions.keySet())
                .thenCompose(ignored -> retries.run(() -> ask(toAsk)))
                .thenCompose(listed -> replaceMissing(listed))
                .thenApply(listed -> {
                    found.putAll(listed);
                    return found;
                });
    }

    private static long listedTimestamp(StartPosition position) {
        return switch (position.kind()) {
            case BEGINNING -> LIST_BEGINNING;
            case END -> LIST_END;
            case TIMESTAMP -> position.value();
            case OFFSET -> throw new IllegalStateException("offset " + position.value() + " needs no look-up");
        };
    }

    private CompletableFuture<Void> known(Collection<TopicPartition> partitions) {
        var topics = partitions.stream().map(TopicPartition::topic).distinct().map(metadata::topic);
        return CompletableFuture.allOf(topics.toArray(CompletableFuture<?>[]::new));
    }

    /** A time after the newest record has no offset; reading begins at the end then. */
    private CompletableFuture<Map<TopicPartition, Long>> replaceMissing(Map<TopicPartition, Long> listed) {
        var missing = new LinkedHashMap<TopicPartition, Long>();
        listed.forEach((partition, offset) -> {
            if (offset == NO_OFFSET) {
                missing.put(partition, LIST_END);
            }
        });
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(listed);
        }
        return retries.run(() -> ask(missing)).thenApply(ends -> {
            var all = new LinkedHashMap<>(listed);
            all.putAll(ends);
            return all;
        });
    }

    private CompletableFuture<Map<TopicPartition, Long>> ask(Map<TopicPartition, Long> timestamps) {
        var byLeader = new LinkedHashMap<Endpoint, List<TopicPartition>>();
        for (var partition : timestamps.keySet()) {
            var leader = metadata.image().leader(partition);
            if (leader == null) {
                return CompletableFuture.failedFuture(unknownLeader(partition));
            }
            byLeader.computeIfAbsent(leader.endpoint(), key -> new ArrayList<>())
                    .add(partition);
        }
        var asked = new ArrayList<CompletableFuture<Map<TopicPartition, Long>>>();
        byLeader.forEach((leader, partitions) -> asked.add(askOne(leader, partitions, timestamps)));
        return CompletableFuture.allOf(asked.toArray(CompletableFuture<?>[]::new))
                .thenApply(ignored -> {
                    var all = new LinkedHashMap<TopicPartition, Long>();
                    asked.forEach(each -> all.putAll(each.join()));
                    return all;
                });
    }

    private ClientException unknownLeader(TopicPartition partition) {
        metadata.refresh(partition.topic());
        var topic = metadata.image().topics().get(partition.topic());
        if (topic != null && partition.partition() >= topic.partitions().size()) {
            return new ClientException(
                    ErrorCode.INVALID_PARTITIONS,
                    "partition " + partition + " does not exist: the topic has "
                            + topic.partitions().size(),
                    null);
        }
        return ClientException.answered("offset of " + partition, ErrorCode.LEADER_NOT_AVAILABLE, null);
    }

    private CompletableFuture<Map<TopicPartition, Long>> askOne(
            Endpoint leader, List<TopicPartition> partitions, Map<TopicPartition, Long> timestamps) {
        var byTopic = new LinkedHashMap<String, List<ListOffsetsRequest.Partition>>();
        for (var partition : partitions) {
            byTopic.computeIfAbsent(partition.topic(), key -> new ArrayList<>())
                    .add(ListOffsetsRequest.Partition.builder()
                            .partitionIndex(partition.partition())
                            .timestamp(timestamps.getOrDefault(partition, NO_OFFSET))
                            .build());
        }
        var topics = byTopic.entrySet().stream()
                .map(entry -> new ListOffsetsRequest.Topic(entry.getKey(), entry.getValue()))
                .toList();
        var timeoutMillis = (int) connections.config().requestTimeout().toMillis();
        return connections
                .call(
                        leader,
                        ApiKey.LIST_OFFSETS,
                        ListOffsetsResponse.class,
                        version -> new ListOffsetsRequest(
                                NO_REPLICA, FetchConfig.wireLevel(isolation), topics, timeoutMillis))
                .thenApply(this::offsets);
    }

    private Map<TopicPartition, Long> offsets(ListOffsetsResponse answer) {
        var offsets = new LinkedHashMap<TopicPartition, Long>();
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                var key = new TopicPartition(topic.name(), partition.partitionIndex());
                if (partition.errorCode() != ErrorCode.NONE.code()) {
                    metadata.refresh(topic.name());
                    throw ClientException.answered("offset of " + key, partition.errorCode(), null);
                }
                offsets.put(key, partition.offset());
            }
        }
        return offsets;
    }
}
