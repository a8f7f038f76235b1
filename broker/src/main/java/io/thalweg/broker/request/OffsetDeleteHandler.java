package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetDeleteRequest;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import java.util.ArrayList;
import java.util.List;

/** OffsetDelete, key 47, version 0: partitions that do not exist are answered here, the others by the group's coordinator. */
public final class OffsetDeleteHandler implements RequestHandler<OffsetDeleteRequest> {

    private final ClusterView cluster;
    private final GroupCoordinators coordinators;

    public OffsetDeleteHandler(ClusterView cluster, GroupCoordinators coordinators) {
        this.cluster = cluster;
        this.coordinators = coordinators;
    }

    @Override
    public void handle(OffsetDeleteRequest request, Exchange exchange) {
        var known = new ArrayList<OffsetDeleteRequest.Topic>();
        var unknown = new ArrayList<OffsetDeleteResponse.Topic>();
        request.topics().forEach(topic -> split(topic, known, unknown));
        var passedOn = request.toBuilder().topics(known).build();
        exchange.replyWhen(coordinators
                .ask(
                        exchange::handledFor,
                        request.groupId(),
                        coordinator -> coordinator.deleteOffsets(passedOn),
                        error -> OffsetDeleteResponse.builder()
                                .errorCode(error.code())
                                .build())
                .thenApply(answer -> with(unknown, answer)));
    }

    private void split(
            OffsetDeleteRequest.Topic topic,
            List<OffsetDeleteRequest.Topic> known,
            List<OffsetDeleteResponse.Topic> unknown) {
        var count = cluster.image()
                .topic(topic.name())
                .map(TopicImage::partitionCount)
                .orElse(0);
        var passedOn = topic.partitions().stream()
                .filter(each -> each.partitionIndex() >= 0 && each.partitionIndex() < count)
                .toList();
        var refused = topic.partitions().stream()
                .filter(each -> !passedOn.contains(each))
                .map(each -> new OffsetDeleteResponse.Partition(
                        each.partitionIndex(), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()))
                .toList();
        if (!passedOn.isEmpty()) {
            known.add(new OffsetDeleteRequest.Topic(topic.name(), passedOn));
        }
        if (!refused.isEmpty()) {
            unknown.add(new OffsetDeleteResponse.Topic(topic.name(), refused));
        }
    }

    private static OffsetDeleteResponse with(List<OffsetDeleteResponse.Topic> unknown, OffsetDeleteResponse answer) {
        if (unknown.isEmpty() || answer.errorCode() != ErrorCode.NONE.code()) {
            return answer;
        }
        var rows = new ArrayList<>(answer.topics());
        rows.addAll(unknown);
        return answer.toBuilder().topics(rows).build();
    }
}
