package io.thalweg.broker.request;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Requests that create and delete partitions: how many, and what those hear that come before the last ones are paid off (KIP-599). */
final class Mutations {

    /** From these versions on, clients know THROTTLING_QUOTA_EXCEEDED; for others it is done, and they wait. */
    private static final Map<ApiKey, Integer> STRICT_VERSIONS =
            Map.of(ApiKey.CREATE_TOPICS, 6, ApiKey.CREATE_PARTITIONS, 3, ApiKey.DELETE_TOPICS, 5);

    private static final short REFUSED = ErrorCode.THROTTLING_QUOTA_EXCEEDED.code();

    private Mutations() {}

    static boolean areIn(ApiKey api) {
        return STRICT_VERSIONS.containsKey(api);
    }

    static boolean mayBeRefused(ApiKey api, short version) {
        var strict = STRICT_VERSIONS.get(api);
        return strict != null && version >= strict;
    }

    /** How many partitions the request creates or deletes, as far as the image tells; 0 for other requests. */
    static int count(RequestMessage request, MetadataImage image) {
        if (request instanceof CreateTopicsRequest create) {
            return create.topics().stream()
                    .mapToInt(topic -> Math.max(
                            1,
                            Math.max(topic.numPartitions(), topic.assignments().size())))
                    .sum();
        }
        if (request instanceof CreatePartitionsRequest create) {
            return create.topics().stream()
                    .mapToInt(topic -> Math.max(0, topic.count() - partitions(image.topic(topic.name()))))
                    .sum();
        }
        return request instanceof DeleteTopicsRequest delete
                ? Stream.concat(delete.topicNames().stream().map(image::topic), named(delete, image))
                        .mapToInt(Mutations::partitions)
                        .sum()
                : 0;
    }

    private static Stream<Optional<TopicImage>> named(DeleteTopicsRequest delete, MetadataImage image) {
        return delete.topics().stream().map(topic -> {
            var name = topic.name();
            return name == null ? image.topic(topic.topicId()) : image.topic(name);
        });
    }

    private static int partitions(Optional<TopicImage> topic) {
        return topic.map(TopicImage::partitionCount).orElse(0);
    }

    /** The answer that nothing was done, as the quota is used up; none for other requests. */
    static @Nullable ResponseMessage refusal(RequestMessage request) {
        if (request instanceof CreateTopicsRequest create) {
            return refusal(create);
        }
        if (request instanceof CreatePartitionsRequest create) {
            return refusal(create);
        }
        return request instanceof DeleteTopicsRequest delete ? refusal(delete) : null;
    }

    private static CreateTopicsResponse refusal(CreateTopicsRequest request) {
        return CreateTopicsResponse.builder()
                .topics(request.topics().stream()
                        .map(topic -> CreateTopicsResponse.Topic.builder()
                                .name(topic.name())
                                .errorCode(REFUSED)
                                .build())
                        .toList())
                .build();
    }

    private static CreatePartitionsResponse refusal(CreatePartitionsRequest request) {
        return CreatePartitionsResponse.builder()
                .results(request.topics().stream()
                        .map(topic -> CreatePartitionsResponse.Topic.builder()
                                .name(topic.name())
                                .errorCode(REFUSED)
                                .build())
                        .toList())
                .build();
    }

    private static DeleteTopicsResponse refusal(DeleteTopicsRequest request) {
        var byName = request.topicNames().stream()
                .map(name -> DeleteTopicsResponse.Topic.builder().name(name));
        var named = request.topics().stream()
                .map(topic ->
                        DeleteTopicsResponse.Topic.builder().name(topic.name()).topicId(topic.topicId()));
        return DeleteTopicsResponse.builder()
                .responses(Stream.concat(byName, named)
                        .map(row -> row.errorCode(REFUSED).build())
                        .toList())
                .build();
    }
}
