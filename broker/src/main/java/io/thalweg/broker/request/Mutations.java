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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request that creates or deletes partitions: how many it did, and what it hears if it comes before the last ones are paid off
 * (KIP-599). What is refused is not counted, however many it asked for. Immutable.
 */
final class Mutations {

    /** From these versions on, clients know THROTTLING_QUOTA_EXCEEDED; for others it is done, and they wait. */
    private static final Map<ApiKey, Integer> STRICT_VERSIONS =
            Map.of(ApiKey.CREATE_TOPICS, 6, ApiKey.CREATE_PARTITIONS, 3, ApiKey.DELETE_TOPICS, 5);

    private static final short REFUSED = ErrorCode.THROTTLING_QUOTA_EXCEEDED.code();

    private static final short DONE = ErrorCode.NONE.code();

    private final RequestMessage request;
    private final MetadataImage before;

    /**
     * What a request asks for.
     *
     * @param before the topics when it came, among them those that it deletes
     */
    Mutations(RequestMessage request, MetadataImage before) {
        this.request = request;
        this.before = before;
    }

    static boolean areIn(ApiKey api) {
        return STRICT_VERSIONS.containsKey(api);
    }

    static boolean mayBeRefused(ApiKey api, short version) {
        var strict = STRICT_VERSIONS.get(api);
        return strict != null && version >= strict;
    }

    /** How many partitions the answer says were created or deleted; 0 for other requests. */
    long countIn(@Nullable ResponseMessage answer) {
        if (request instanceof CreateTopicsRequest asked && answer instanceof CreateTopicsResponse created) {
            return asked.validateOnly() ? 0 : count(created);
        }
        if (request instanceof CreatePartitionsRequest asked && answer instanceof CreatePartitionsResponse created) {
            return asked.validateOnly() ? 0 : count(asked, created);
        }
        return answer instanceof DeleteTopicsResponse deleted ? count(deleted) : 0;
    }

    private static long count(CreateTopicsResponse created) {
        return created.topics().stream()
                .filter(topic -> topic.errorCode() == DONE)
                .mapToLong(topic -> Math.max(1, topic.numPartitions()))
                .sum();
    }

    private long count(CreatePartitionsRequest asked, CreatePartitionsResponse created) {
        var raised = created.results().stream()
                .filter(topic -> topic.errorCode() == DONE)
                .map(CreatePartitionsResponse.Topic::name)
                .collect(Collectors.toSet());
        return asked.topics().stream()
                .filter(topic -> raised.contains(topic.name()))
                .mapToLong(topic -> Math.max(0, topic.count() - partitions(before.topic(topic.name()))))
                .sum();
    }

    private long count(DeleteTopicsResponse deleted) {
        return deleted.responses().stream()
                .filter(topic -> topic.errorCode() == DONE)
                .map(topic -> {
                    var name = topic.name();
                    return name == null ? before.topic(topic.topicId()) : before.topic(name);
                })
                .mapToLong(Mutations::partitions)
                .sum();
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
