package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeTopicPartitionsRequest;
import io.thalweg.protocol.message.DescribeTopicPartitionsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * DescribeTopicPartitions, key 75, version 0: topics by name, page by page (KIP-966).
 *
 * <p>A page has a limited number of partitions; its cursor tells where the next one begins. Topics are in the order of their names.
 */
public final class DescribeTopicPartitionsHandler implements RequestHandler<DescribeTopicPartitionsRequest> {

    private final ClusterView cluster;
    private final int maxPartitions;

    /**
     * A handler.
     *
     * @param maxPartitions {@code max.request.partition.size.limit}: no page has more partitions, whatever is asked for
     */
    public DescribeTopicPartitionsHandler(ClusterView cluster, int maxPartitions) {
        this.cluster = cluster;
        this.maxPartitions = maxPartitions;
    }

    @Override
    public void handle(DescribeTopicPartitionsRequest request, Exchange exchange) {
        var view = ListenerView.of(cluster, exchange);
        var names = names(request, view);
        var cursor = request.cursor();
        if (cursor != null && (cursor.partitionIndex() < 0 || !mayBegin(request, names, cursor.topicName()))) {
            exchange.reply(refused(request));
            return;
        }
        var limit = Math.max(1, Math.min(maxPartitions, request.responsePartitionLimit()));
        var page = new Page(view, request.topics().isEmpty(), limit);
        for (var name : names) {
            if (!page.add(name, firstPartition(cursor, name))) {
                break;
            }
        }
        exchange.reply(page.answer.build());
    }

    private static int firstPartition(DescribeTopicPartitionsRequest.@Nullable Cursor cursor, String topic) {
        return cursor != null && topic.equals(cursor.topicName()) ? cursor.partitionIndex() : 0;
    }

    /** The topics from the cursor on. */
    private static SortedSet<String> names(DescribeTopicPartitionsRequest request, ListenerView view) {
        var names = new TreeSet<String>();
        if (request.topics().isEmpty()) {
            view.image().topics().forEach(topic -> names.add(topic.name()));
        } else {
            request.topics().forEach(topic -> names.add(topic.name()));
        }
        var cursor = request.cursor();
        return cursor == null ? names : names.tailSet(cursor.topicName());
    }

    /** A cursor must point at a topic that is asked for; where all are, the topic may have been deleted meanwhile. */
    private static boolean mayBegin(DescribeTopicPartitionsRequest request, SortedSet<String> names, String topic) {
        return request.topics().isEmpty() || names.contains(topic);
    }

    private static DescribeTopicPartitionsResponse refused(DescribeTopicPartitionsRequest request) {
        return DescribeTopicPartitionsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> DescribeTopicPartitionsResponse.Topic.builder()
                                .errorCode(ErrorCode.INVALID_REQUEST.code())
                                .name(topic.name())
                                .build())
                        .toList())
                .build();
    }

    /** The answer while it fills; for one answer. */
    private static final class Page {

        private final ListenerView view;
        private final boolean skipsUnknown;
        private int room;
        private final ArrayList<DescribeTopicPartitionsResponse.Topic> topics = new ArrayList<>();
        private final DescribeTopicPartitionsResponse.Builder answer =
                DescribeTopicPartitionsResponse.builder().topics(topics);

        Page(ListenerView view, boolean skipsUnknown, int room) {
            this.view = view;
            this.skipsUnknown = skipsUnknown;
            this.room = room;
        }

        /** Adds what there is room for; tells whether there was room for all. */
        boolean add(String name, int firstPartition) {
            if (room == 0) {
                endBefore(name, 0);
                return false;
            }
            var topic = view.image().topic(name);
            if (topic.isPresent()) {
                return add(topic.get(), firstPartition);
            }
            if (!skipsUnknown) {
                topics.add(DescribeTopicPartitionsResponse.Topic.builder()
                        .errorCode(UnknownTopics.codeOf(name).code())
                        .name(name)
                        .isInternal(InternalTopics.contains(name))
                        .topicAuthorizedOperations(AuthorizedOperations.TOPIC)
                        .build());
            }
            return true;
        }

        private boolean add(TopicImage topic, int firstPartition) {
            var partitions = topic.partitions().stream()
                    .skip(firstPartition)
                    .limit(room)
                    .map(this::partition)
                    .toList();
            topics.add(DescribeTopicPartitionsResponse.Topic.builder()
                    .name(topic.name())
                    .topicId(topic.id())
                    .isInternal(InternalTopics.contains(topic.name()))
                    .partitions(partitions)
                    .topicAuthorizedOperations(AuthorizedOperations.TOPIC)
                    .build());
            room -= partitions.size();
            var end = firstPartition + partitions.size();
            if (end < topic.partitionCount()) {
                endBefore(topic.name(), end);
                return false;
            }
            return true;
        }

        private void endBefore(String topic, int partition) {
            answer.nextCursor(DescribeTopicPartitionsResponse.Cursor.builder()
                    .topicName(topic)
                    .partitionIndex(partition)
                    .build());
        }

        private DescribeTopicPartitionsResponse.Partition partition(PartitionImage partition) {
            return DescribeTopicPartitionsResponse.Partition.builder()
                    .errorCode(view.leaderError(partition).code())
                    .partitionIndex(partition.partition())
                    .leaderId(view.leaderOf(partition))
                    .leaderEpoch(partition.leaderEpoch())
                    .replicaNodes(partition.replicas())
                    .isrNodes(partition.isr())
                    .eligibleLeaderReplicas(partition.elr())
                    .lastKnownElr(List.of())
                    .offlineReplicas(view.unreachable(partition.replicas()))
                    .build();
        }
    }
}
