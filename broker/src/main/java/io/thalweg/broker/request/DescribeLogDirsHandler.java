package io.thalweg.broker.request;

import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeLogDirsRequest;
import io.thalweg.protocol.message.DescribeLogDirsResponse;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.PlacedEngine;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * DescribeLogDirs, key 35, versions 1-5: which replicas lie in which directory of this broker, how large they are, and what room there
 * is. Logs that belong to no topic are not shown.
 */
public final class DescribeLogDirsHandler implements RequestHandler<DescribeLogDirsRequest> {

    private final PlacedEngine engine;
    private final TopicTable topics;

    public DescribeLogDirsHandler(PlacedEngine engine, TopicTable topics) {
        this.engine = engine;
        this.topics = topics;
    }

    @Override
    public void handle(DescribeLogDirsRequest request, Exchange exchange) {
        exchange.replyWhen(engine.directories()
                .thenApply(directories -> DescribeLogDirsResponse.builder()
                        .results(directories.stream()
                                .map(directory -> describe(directory, request.topics()))
                                .toList())
                        .build()));
    }

    private DescribeLogDirsResponse.LogDir describe(
            DirectoryImage directory, @Nullable List<DescribeLogDirsRequest.Topic> asked) {
        var error = directory.isOnline() ? ErrorCode.NONE : ErrorCode.KAFKA_STORAGE_ERROR;
        return DescribeLogDirsResponse.LogDir.builder()
                .errorCode(error.code())
                .logDir(directory.path().toString())
                .topics(topicsOf(directory, asked))
                .totalBytes(directory.totalBytes())
                .usableBytes(directory.usableBytes())
                .build();
    }

    private List<DescribeLogDirsResponse.Topic> topicsOf(
            DirectoryImage directory, @Nullable List<DescribeLogDirsRequest.Topic> asked) {
        var byTopic = new TreeMap<String, List<DescribeLogDirsResponse.Partition>>();
        for (var held : directory.logs()) {
            var topic = topics.find(held.id().topicId());
            var isKnown = topic != null && topic.partition(held.id().partition()) != null;
            if (isKnown && (asked == null || isAsked(held, asked))) {
                byTopic.computeIfAbsent(held.id().topic(), name -> new ArrayList<>())
                        .add(describe(held));
            }
        }
        return byTopic.entrySet().stream()
                .map(topic -> DescribeLogDirsResponse.Topic.builder()
                        .name(topic.getKey())
                        .partitions(topic.getValue())
                        .build())
                .toList();
    }

    private static boolean isAsked(DirectoryImage.Held held, List<DescribeLogDirsRequest.Topic> asked) {
        return asked.stream()
                .anyMatch(topic -> topic.topic().equals(held.id().topic())
                        && topic.partitions().contains(held.id().partition()));
    }

    private static DescribeLogDirsResponse.Partition describe(DirectoryImage.Held held) {
        return DescribeLogDirsResponse.Partition.builder()
                .partitionIndex(held.id().partition())
                .partitionSize(held.sizeInBytes())
                .offsetLag(held.lagOffsets())
                .isFutureKey(held.isCopy())
                .build();
    }
}
