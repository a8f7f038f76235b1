package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** OffsetCommit, key 8, versions 2-10: topics that do not exist are answered here, the others by the group's coordinator. */
public final class OffsetCommitHandler implements RequestHandler<OffsetCommitRequest> {

    private static final short TOPIC_ID_VERSION = 10;

    private final ClusterView cluster;
    private final GroupCoordinators coordinators;

    public OffsetCommitHandler(ClusterView cluster, GroupCoordinators coordinators) {
        this.cluster = cluster;
        this.coordinators = coordinators;
    }

    @Override
    public void handle(OffsetCommitRequest request, Exchange exchange) {
        var known = new ArrayList<OffsetCommitRequest.Topic>();
        var unknown = new ArrayList<OffsetCommitResponse.Topic>();
        for (var topic : request.topics()) {
            var image = find(topic, exchange.version());
            if (image.isPresent()) {
                known.add(topic.toBuilder().name(image.get().name()).build());
            } else {
                unknown.add(row(topic, unknownError(exchange.version())));
            }
        }
        if (known.isEmpty() && !unknown.isEmpty()) {
            exchange.reply(OffsetCommitResponse.builder().topics(unknown).build());
            return;
        }
        var passedOn = request.toBuilder().topics(known).build();
        exchange.replyWhen(coordinators
                .ask(
                        exchange::handledFor,
                        request.groupId(),
                        coordinator -> coordinator.commit(passedOn, exchange.version()),
                        error -> refused(known, error))
                .thenApply(answer -> with(unknown, answer)));
    }

    private Optional<TopicImage> find(OffsetCommitRequest.Topic topic, short version) {
        var image = cluster.image();
        return version >= TOPIC_ID_VERSION ? image.topic(topic.topicId()) : image.topic(topic.name());
    }

    private static ErrorCode unknownError(short version) {
        return version >= TOPIC_ID_VERSION ? ErrorCode.UNKNOWN_TOPIC_ID : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private static OffsetCommitResponse refused(List<OffsetCommitRequest.Topic> topics, ErrorCode error) {
        return OffsetCommitResponse.builder()
                .topics(topics.stream().map(topic -> row(topic, error)).toList())
                .build();
    }

    private static OffsetCommitResponse.Topic row(OffsetCommitRequest.Topic topic, ErrorCode error) {
        return OffsetCommitResponse.Topic.builder()
                .name(topic.name())
                .topicId(topic.topicId())
                .partitions(topic.partitions().stream()
                        .map(each -> new OffsetCommitResponse.Partition(each.partitionIndex(), error.code()))
                        .toList())
                .build();
    }

    private static OffsetCommitResponse with(List<OffsetCommitResponse.Topic> unknown, OffsetCommitResponse answer) {
        if (unknown.isEmpty()) {
            return answer;
        }
        var rows = new ArrayList<>(unknown);
        rows.addAll(answer.topics());
        return answer.toBuilder().topics(rows).build();
    }
}
