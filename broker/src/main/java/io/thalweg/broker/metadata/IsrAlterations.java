package io.thalweg.broker.metadata;

import io.thalweg.broker.replication.IsrChange;
import io.thalweg.broker.shard.IsrRequests;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionResponse;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.LogId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Has the controller change the ISRs of one shard's partitions, with AlterPartition. One request is under way at a time; what is asked for
 * meanwhile goes together into the next, so that a broker that comes back to thousands of partitions costs few. Owned by the shard.
 */
public final class IsrAlterations implements IsrRequests {

    private final EventLoop shard;
    private final ControllerChannel controller;
    private final ClusterView cluster;
    private List<Asked> waiting = new ArrayList<>();
    private boolean isAsking;

    public IsrAlterations(EventLoop shard, ControllerChannel controller, ClusterView cluster) {
        this.shard = shard;
        this.controller = controller;
        this.cluster = cluster;
    }

    private record Asked(LogId partition, int leaderEpoch, IsrChange change, CompletableFuture<ErrorCode> decision) {}

    private record Key(UUID topicId, int partition) {}

    @Override
    public CompletionStage<ErrorCode> request(LogId partition, int leaderEpoch, IsrChange change) {
        assert shard.isCurrent();
        var asked = new Asked(partition, leaderEpoch, change, new CompletableFuture<>());
        waiting.add(asked);
        if (!isAsking) {
            isAsking = true;
            // Others may ask in the same turn.
            shard.execute(this::ask);
        }
        return asked.decision();
    }

    private void ask() {
        if (waiting.isEmpty()) {
            isAsking = false;
            return;
        }
        var asked = waiting;
        waiting = new ArrayList<>();
        controller
                .call(toRequest(asked), AlterPartitionResponse.class)
                .whenComplete((answer, failure) -> shard.execute(() -> {
                    answered(asked, answer, failure);
                    ask();
                }));
    }

    private AlterPartitionRequest toRequest(List<Asked> asked) {
        var brokerEpoch = cluster.image()
                .broker(cluster.brokerId())
                .map(BrokerImage::epoch)
                .orElse(-1L);
        Map<UUID, List<AlterPartitionRequest.Partition>> byTopic = new LinkedHashMap<>();
        for (var each : asked) {
            byTopic.computeIfAbsent(each.partition().topicId(), topic -> new ArrayList<>())
                    .add(toRequest(each, brokerEpoch));
        }
        List<AlterPartitionRequest.Topic> topics = new ArrayList<>(byTopic.size());
        byTopic.forEach((topicId, of) -> topics.add(AlterPartitionRequest.Topic.builder()
                .topicId(topicId)
                .partitions(of)
                .build()));
        return AlterPartitionRequest.builder()
                .brokerId(cluster.brokerId())
                .brokerEpoch(brokerEpoch)
                .topics(topics)
                .build();
    }

    private AlterPartitionRequest.Partition toRequest(Asked asked, long brokerEpoch) {
        return AlterPartitionRequest.Partition.builder()
                .partitionIndex(asked.partition().partition())
                .leaderEpoch(asked.leaderEpoch())
                .newIsrWithEpochs(asked.change().inSync().stream()
                        .map(member -> state(member, brokerEpoch))
                        .toList())
                .partitionEpoch(asked.change().partitionEpoch())
                .build();
    }

    private AlterPartitionRequest.BrokerState state(IsrChange.Member member, long ownEpoch) {
        return AlterPartitionRequest.BrokerState.builder()
                .brokerId(member.brokerId())
                .brokerEpoch(member.brokerId() == cluster.brokerId() ? ownEpoch : member.brokerEpoch())
                .build();
    }

    private static void answered(
            List<Asked> asked, @Nullable AlterPartitionResponse answer, @Nullable Throwable failure) {
        if (answer == null) {
            var cause = failure == null ? new IllegalStateException("no answer") : failure;
            asked.forEach(each -> each.decision().completeExceptionally(cause));
            return;
        }
        Map<Key, ErrorCode> decided = new LinkedHashMap<>();
        for (var topic : answer.topics()) {
            for (var partition : topic.partitions()) {
                decided.put(new Key(topic.topicId(), partition.partitionIndex()), error(partition.errorCode()));
            }
        }
        var forAll = answer.errorCode() == ErrorCode.NONE.code()
                ? ErrorCode.UNKNOWN_SERVER_ERROR
                : error(answer.errorCode());
        for (var each : asked) {
            var key = new Key(each.partition().topicId(), each.partition().partition());
            each.decision().complete(decided.getOrDefault(key, forAll));
        }
    }

    private static ErrorCode error(short code) {
        return ErrorCode.forCode(code).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
    }
}
