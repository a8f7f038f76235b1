package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ClusterView;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.message.ListPartitionReassignmentsRequest;
import io.thalweg.protocol.message.ListPartitionReassignmentsResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** ListPartitionReassignments, key 46, version 0: the partitions whose replicas come and go, as far as this broker knows. */
public final class ListPartitionReassignmentsHandler implements RequestHandler<ListPartitionReassignmentsRequest> {

    private final ClusterView cluster;

    public ListPartitionReassignmentsHandler(ClusterView cluster) {
        this.cluster = cluster;
    }

    @Override
    public void handle(ListPartitionReassignmentsRequest request, Exchange exchange) {
        exchange.reply(ListPartitionReassignmentsResponse.builder()
                .errorMessage(null)
                .topics(topics(cluster.image(), request.topics()))
                .build());
    }

    private static List<ListPartitionReassignmentsResponse.Topic> topics(
            MetadataImage image, @Nullable List<ListPartitionReassignmentsRequest.Topic> asked) {
        var rows = new ArrayList<ListPartitionReassignmentsResponse.Topic>();
        if (asked == null) {
            image.topics().forEach(topic -> add(rows, topic, List.copyOf(topic.partitions())));
        } else {
            for (var each : asked) {
                image.topic(each.name())
                        .ifPresent(topic -> add(
                                rows,
                                topic,
                                each.partitionIndexes().stream()
                                        .flatMap(index -> topic.partition(index).stream())
                                        .toList()));
            }
        }
        return rows;
    }

    private static void add(
            List<ListPartitionReassignmentsResponse.Topic> rows, TopicImage topic, List<PartitionImage> partitions) {
        var moving = partitions.stream()
                .filter(partition -> partition.reassignment().isUnderWay())
                .map(ListPartitionReassignmentsHandler::row)
                .toList();
        if (!moving.isEmpty()) {
            rows.add(new ListPartitionReassignmentsResponse.Topic(topic.name(), moving));
        }
    }

    private static ListPartitionReassignmentsResponse.Partition row(PartitionImage partition) {
        return new ListPartitionReassignmentsResponse.Partition(
                partition.partition(),
                partition.replicas(),
                partition.reassignment().adding(),
                partition.reassignment().removing());
    }
}
