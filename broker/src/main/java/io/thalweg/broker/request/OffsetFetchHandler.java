package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** OffsetFetch, key 9, versions 1-10: each group is asked of its coordinator. */
public final class OffsetFetchHandler implements RequestHandler<OffsetFetchRequest> {

    private static final short TOP_LEVEL_ERROR_VERSION = 2;
    private static final short GROUPS_VERSION = 8;
    private static final short TOPIC_ID_VERSION = 10;
    private static final long NO_OFFSET = -1;

    private final ClusterView cluster;
    private final GroupCoordinators coordinators;

    public OffsetFetchHandler(ClusterView cluster, GroupCoordinators coordinators) {
        this.cluster = cluster;
        this.coordinators = coordinators;
    }

    @Override
    public void handle(OffsetFetchRequest request, Exchange exchange) {
        var version = exchange.version();
        if (version < GROUPS_VERSION) {
            var group = asGroup(request);
            exchange.replyWhen(ask(group, exchange).thenApply(answer -> single(group, answer, version)));
            return;
        }
        var rows = request.groups().stream()
                .map(group -> version >= TOPIC_ID_VERSION ? askById(group, exchange) : ask(group, exchange))
                .toList();
        exchange.replyWhen(Stages.all(rows)
                .thenApply(
                        groups -> OffsetFetchResponse.builder().groups(groups).build()));
    }

    private CompletionStage<OffsetFetchResponse.Group> ask(OffsetFetchRequest.Group group, Exchange exchange) {
        return coordinators.ask(
                exchange::handledFor,
                group.groupId(),
                coordinator -> coordinator.fetch(group),
                error -> refused(group, error));
    }

    private static OffsetFetchResponse.Group refused(OffsetFetchRequest.Group group, ErrorCode error) {
        return OffsetFetchResponse.Group.builder()
                .groupId(group.groupId())
                .errorCode(error.code())
                .build();
    }

    /** Puts in names for ids, and ids for names where all topics are asked for. */
    private CompletionStage<OffsetFetchResponse.Group> askById(OffsetFetchRequest.Group group, Exchange exchange) {
        var asked = group.topics();
        if (asked == null) {
            return ask(group, exchange).thenApply(this::withIds);
        }
        var known = new ArrayList<OffsetFetchRequest.GroupTopic>();
        var unknown = new ArrayList<OffsetFetchResponse.GroupTopic>();
        for (var topic : asked) {
            var name = cluster.image().topic(topic.topicId()).map(TopicImage::name);
            if (name.isPresent()) {
                known.add(topic.toBuilder().name(name.get()).build());
            } else {
                unknown.add(unknown(topic));
            }
        }
        return ask(group.toBuilder().topics(known).build(), exchange).thenApply(answer -> with(unknown, answer));
    }

    private OffsetFetchResponse.Group withIds(OffsetFetchResponse.Group answer) {
        var rows = new ArrayList<OffsetFetchResponse.GroupTopic>();
        for (var topic : answer.topics()) {
            cluster.image()
                    .topic(topic.name())
                    .ifPresent(image ->
                            rows.add(topic.toBuilder().topicId(image.id()).build()));
        }
        return answer.toBuilder().topics(rows).build();
    }

    private static OffsetFetchResponse.GroupTopic unknown(OffsetFetchRequest.GroupTopic topic) {
        return OffsetFetchResponse.GroupTopic.builder()
                .topicId(topic.topicId())
                .partitions(topic.partitionIndexes().stream()
                        .map(index -> OffsetFetchResponse.GroupPartition.builder()
                                .partitionIndex(index)
                                .committedOffset(NO_OFFSET)
                                .errorCode(ErrorCode.UNKNOWN_TOPIC_ID.code())
                                .build())
                        .toList())
                .build();
    }

    private static OffsetFetchResponse.Group with(
            List<OffsetFetchResponse.GroupTopic> unknown, OffsetFetchResponse.Group answer) {
        if (unknown.isEmpty() || answer.errorCode() != ErrorCode.NONE.code()) {
            return answer;
        }
        var rows = new ArrayList<>(answer.topics());
        rows.addAll(unknown);
        return answer.toBuilder().topics(rows).build();
    }

    private static OffsetFetchRequest.Group asGroup(OffsetFetchRequest request) {
        var topics = request.topics();
        return OffsetFetchRequest.Group.builder()
                .groupId(request.groupId())
                .topics(
                        topics == null
                                ? null
                                : topics.stream()
                                        .map(topic -> OffsetFetchRequest.GroupTopic.builder()
                                                .name(topic.name())
                                                .partitionIndexes(topic.partitionIndexes())
                                                .build())
                                        .toList())
                .build();
    }

    private static OffsetFetchResponse single(
            OffsetFetchRequest.Group asked, OffsetFetchResponse.Group answer, short version) {
        if (answer.errorCode() != ErrorCode.NONE.code() && version < TOP_LEVEL_ERROR_VERSION) {
            return OffsetFetchResponse.builder()
                    .topics(refusedRows(asked, answer.errorCode()))
                    .build();
        }
        return OffsetFetchResponse.builder()
                .errorCode(answer.errorCode())
                .topics(answer.topics().stream().map(OffsetFetchHandler::row).toList())
                .build();
    }

    private static OffsetFetchResponse.Topic row(OffsetFetchResponse.GroupTopic topic) {
        return new OffsetFetchResponse.Topic(
                topic.name(),
                topic.partitions().stream()
                        .map(each -> new OffsetFetchResponse.Partition(
                                each.partitionIndex(),
                                each.committedOffset(),
                                each.committedLeaderEpoch(),
                                each.metadata(),
                                each.errorCode()))
                        .toList());
    }

    private static List<OffsetFetchResponse.Topic> refusedRows(OffsetFetchRequest.Group asked, short error) {
        var topics = asked.topics();
        return topics == null
                ? List.of()
                : topics.stream()
                        .map(topic -> new OffsetFetchResponse.Topic(
                                topic.name(),
                                topic.partitionIndexes().stream()
                                        .map(index ->
                                                new OffsetFetchResponse.Partition(index, NO_OFFSET, -1, "", error))
                                        .toList()))
                        .toList();
    }
}
