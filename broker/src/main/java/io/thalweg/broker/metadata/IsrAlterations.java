package io.thalweg.broker.metadata;

import io.thalweg.broker.replication.IsrChange;
import io.thalweg.broker.shard.IsrRequests;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterPartitionRequest;
import io.thalweg.protocol.message.AlterPartitionResponse;
import io.thalweg.spi.storage.LogId;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Has the controller change ISRs, with AlterPartition. Any thread. */
public final class IsrAlterations implements IsrRequests {

    private final ControllerChannel controller;
    private final ClusterView cluster;

    public IsrAlterations(ControllerChannel controller, ClusterView cluster) {
        this.controller = controller;
        this.cluster = cluster;
    }

    @Override
    public CompletionStage<Decision> request(LogId partition, int leaderEpoch, IsrChange change) {
        var brokerEpoch = cluster.image()
                .broker(cluster.brokerId())
                .map(BrokerImage::epoch)
                .orElse(-1L);
        var asked = AlterPartitionRequest.Partition.builder()
                .partitionIndex(partition.partition())
                .leaderEpoch(leaderEpoch)
                .newIsrWithEpochs(change.inSync().stream()
                        .map(member -> state(member, brokerEpoch))
                        .toList())
                .partitionEpoch(change.partitionEpoch())
                .build();
        var request = AlterPartitionRequest.builder()
                .brokerId(cluster.brokerId())
                .brokerEpoch(brokerEpoch)
                .topics(List.of(AlterPartitionRequest.Topic.builder()
                        .topicId(partition.topicId())
                        .partitions(List.of(asked))
                        .build()))
                .build();
        return controller.call(request, AlterPartitionResponse.class).thenApply(IsrAlterations::decision);
    }

    private AlterPartitionRequest.BrokerState state(IsrChange.Member member, long ownEpoch) {
        return AlterPartitionRequest.BrokerState.builder()
                .brokerId(member.brokerId())
                .brokerEpoch(member.brokerId() == cluster.brokerId() ? ownEpoch : member.brokerEpoch())
                .build();
    }

    private static Decision decision(AlterPartitionResponse answer) {
        if (answer.errorCode() != ErrorCode.NONE.code()) {
            return refused(answer.errorCode());
        }
        var decided = answer.topics().get(0).partitions().get(0);
        return decided.errorCode() == ErrorCode.NONE.code()
                ? new Decision(ErrorCode.NONE, decided.isr(), decided.partitionEpoch())
                : refused(decided.errorCode());
    }

    private static Decision refused(short code) {
        return new Decision(ErrorCode.forCode(code).orElse(ErrorCode.UNKNOWN_SERVER_ERROR), List.of(), -1);
    }
}
