package io.thalweg.broker.request;

import io.thalweg.broker.partition.AppendResult;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.partition.RecordFault;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Turns what became of each batch into an answer, in the order of the request. */
final class ProduceAnswer {

    /** The first version of Produce that tells who leads instead. */
    private static final short HINTS_VERSION = 10;

    private ProduceAnswer() {}

    /**
     * The answer.
     *
     * @param outcomes per batch of the request, in order: an {@link AppendResult} or a {@link PendingAppend} that has one
     */
    static ProduceResponse of(ProduceRequest request, List<Object> outcomes, LeaderHints leaders, short version) {
        var results = outcomes.iterator();
        var topics = new ArrayList<ProduceResponse.Topic>(request.topicData().size());
        for (var topic : request.topicData()) {
            var partitions = new ArrayList<ProduceResponse.Partition>(
                    topic.partitionData().size());
            for (var data : topic.partitionData()) {
                var partition = partition(data.index(), nextResult(results));
                partitions.add(version < HINTS_VERSION ? partition : hinted(partition, topic, leaders));
            }
            topics.add(ProduceResponse.Topic.builder()
                    .name(topic.name())
                    .topicId(topic.topicId())
                    .partitionResponses(partitions)
                    .build());
        }
        return ProduceResponse.builder()
                .responses(topics)
                .nodeEndpoints(
                        leaders.nodes().stream().map(ProduceAnswer::endpoint).toList())
                .build();
    }

    private record Result(AppendResult append, long logAppendTimeMillis) {}

    private static Result nextResult(Iterator<Object> results) {
        var next = results.next();
        return next instanceof PendingAppend append
                ? new Result(append.result(), append.logAppendTimeMillis())
                : new Result((AppendResult) next, -1);
    }

    private static ProduceResponse.Partition partition(int index, Result result) {
        var append = result.append();
        return ProduceResponse.Partition.builder()
                .index(index)
                .errorCode(append.error().code())
                .errorMessage(append.message())
                .recordErrors(append.faults().stream().map(ProduceAnswer::error).toList())
                .baseOffset(append.baseOffset())
                .logAppendTimeMillis(append.error() == ErrorCode.NONE ? result.logAppendTimeMillis() : -1)
                .logStartOffset(append.logStartOffset())
                .build();
    }

    private static ProduceResponse.RecordError error(RecordFault fault) {
        return ProduceResponse.RecordError.builder()
                .batchIndex(fault.index())
                .batchIndexErrorMessage(fault.message())
                .build();
    }

    private static ProduceResponse.Partition hinted(
            ProduceResponse.Partition partition, ProduceRequest.Topic topic, LeaderHints leaders) {
        if (partition.errorCode() != ErrorCode.NOT_LEADER_OR_FOLLOWER.code()) {
            return partition;
        }
        return leaders.leaderOf(topic.name(), topic.topicId(), partition.index())
                .map(known -> partition.toBuilder()
                        .currentLeader(ProduceResponse.CurrentLeader.builder()
                                .leaderId(known.leader())
                                .leaderEpoch(known.leaderEpoch())
                                .build())
                        .build())
                .orElse(partition);
    }

    private static ProduceResponse.NodeEndpoint endpoint(ListenerView.Node node) {
        return ProduceResponse.NodeEndpoint.builder()
                .nodeId(node.id())
                .host(node.endpoint().host())
                .port(node.endpoint().port())
                .rack(node.broker().rack())
                .build();
    }
}
