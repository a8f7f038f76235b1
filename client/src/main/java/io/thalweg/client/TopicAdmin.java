package io.thalweg.client;

import io.thalweg.api.NewTopic;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicDescription;
import io.thalweg.api.TopicDescription.PartitionDescription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Creates, lists, describes and deletes topics.
 *
 * <p><b>Threads.</b> Any thread may call; stages complete on the client's thread. What fails for a passing reason is tried again.
 */
public final class TopicAdmin {

    private static final byte TOPIC_RESOURCE = 2;
    private static final byte SET_ON_TOPIC = 1;

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;
    private final OffsetLookup offsets;

    TopicAdmin(MetadataCache metadata, Connections connections, Retries retries, OffsetLookup offsets) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
        this.offsets = offsets;
    }

    /** Creates the topic; completes once its partitions have leaders. */
    public CompletionStage<Void> create(NewTopic topic) {
        return retries.run(() -> createOnce(topic))
                .thenCompose(created -> metadata.topic(topic.name()))
                .thenApply(visible -> null);
    }

    private CompletableFuture<Boolean> createOnce(NewTopic topic) {
        var configs = topic.config().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> new CreateTopicsRequest.Config(entry.getKey(), entry.getValue()))
                .toList();
        var wanted = new CreateTopicsRequest.Topic(
                topic.name(), topic.partitions(), (short) topic.replicationFactor(), List.of(), configs);
        return connections
                .call(
                        metadata.controller(),
                        ApiKey.CREATE_TOPICS,
                        CreateTopicsResponse.class,
                        version -> new CreateTopicsRequest(List.of(wanted), timeoutMillis(), false))
                .thenApply(answer -> {
                    var result = answer.topics().get(0);
                    return expectNone(
                            "topic " + topic.name() + " was not created", result.errorCode(), result.errorMessage());
                });
    }

    private int timeoutMillis() {
        return (int) connections.config().requestTimeout().toMillis();
    }

    private static boolean expectNone(String what, short errorCode, @org.jspecify.annotations.Nullable String message) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw ClientException.answered(what, errorCode, message);
        }
        return true;
    }

    /** The topics there are, by name. */
    public CompletionStage<List<TopicDescription>> list() {
        return retries.run(() -> metadata.ask(null)).thenApply(answer -> {
            var byName = new TreeMap<String, TopicDescription>();
            for (var topic : answer.topics()) {
                if (topic.name() != null && topic.errorCode() == ErrorCode.NONE.code()) {
                    byName.put(
                            topic.name(), describe(TopicImage.of(topic.name(), topic), Map.of(), Map.of(), Map.of()));
                }
            }
            return List.copyOf(byName.values());
        });
    }

    /** The topic with its offsets and settings. */
    public CompletionStage<TopicDescription> describe(String name) {
        return retries.run(() -> askFor(name)).thenCompose(topic -> {
            var starts = offsets.resolve(allAt(topic, StartPosition.BEGINNING));
            var ends = offsets.resolve(allAt(topic, StartPosition.END));
            var config = retries.run(() -> configOnce(name));
            return CompletableFuture.allOf(starts, ends, config)
                    .thenApply(ignored -> describe(topic, starts.join(), ends.join(), config.join()));
        });
    }

    private CompletableFuture<TopicImage> askFor(String name) {
        return metadata.ask(null).thenApply(all -> {
            var found = all.topics().stream()
                    .filter(topic -> name.equals(topic.name()))
                    .findFirst();
            if (found.isEmpty()) {
                throw ClientException.noTopic(name);
            }
            expectNone("topic " + name, found.get().errorCode(), null);
            return TopicImage.of(name, found.get());
        });
    }

    private static Map<TopicPartition, StartPosition> allAt(TopicImage topic, StartPosition position) {
        var all = new LinkedHashMap<TopicPartition, StartPosition>();
        topic.partitions().forEach(each -> all.put(new TopicPartition(topic.name(), each.index()), position));
        return all;
    }

    private static TopicDescription describe(
            TopicImage topic,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Map<String, String> config) {
        var partitions = new ArrayList<PartitionDescription>();
        for (var each : topic.partitions()) {
            var key = new TopicPartition(topic.name(), each.index());
            partitions.add(new PartitionDescription(
                    each.index(),
                    each.leaderId(),
                    each.leaderEpoch(),
                    each.replicas(),
                    each.isr(),
                    starts.getOrDefault(key, -1L),
                    ends.getOrDefault(key, -1L)));
        }
        return new TopicDescription(topic.name(), topic.id(), topic.isInternal(), partitions, config);
    }

    private CompletableFuture<Map<String, String>> configOnce(String name) {
        var resource = new DescribeConfigsRequest.Resource(TOPIC_RESOURCE, name, null);
        return connections
                .call(
                        metadata.anyBroker(),
                        ApiKey.DESCRIBE_CONFIGS,
                        DescribeConfigsResponse.class,
                        version -> new DescribeConfigsRequest(List.of(resource), false, false))
                .thenApply(answer -> {
                    var result = answer.results().get(0);
                    expectNone("settings of topic " + name, result.errorCode(), result.errorMessage());
                    var config = new LinkedHashMap<String, String>();
                    result.configs().stream()
                            .filter(each -> each.configSource() == SET_ON_TOPIC && each.value() != null)
                            .forEach(each -> config.put(each.name(), String.valueOf(each.value())));
                    return config;
                });
    }

    /** Deletes the topic with its records; completes once brokers know it no more. */
    public CompletionStage<Void> delete(String name) {
        return retries.run(() -> deleteOnce(name))
                .thenCompose(deleted -> retries.run(() -> expectGone(name)))
                .thenApply(gone -> null);
    }

    private CompletableFuture<Boolean> deleteOnce(String name) {
        Function<Short, DeleteTopicsRequest> body = version -> version >= 6
                ? new DeleteTopicsRequest(
                        List.of(new DeleteTopicsRequest.Topic(name, Message.ZERO_UUID)), List.of(), timeoutMillis())
                : new DeleteTopicsRequest(List.of(), List.of(name), timeoutMillis());
        return connections
                .call(metadata.controller(), ApiKey.DELETE_TOPICS, DeleteTopicsResponse.class, body::apply)
                .thenApply(answer -> {
                    var result = answer.responses().get(0);
                    if (result.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code()) {
                        throw ClientException.noTopic(name);
                    }
                    return expectNone("topic " + name + " was not deleted", result.errorCode(), result.errorMessage());
                });
    }

    private CompletableFuture<Boolean> expectGone(String name) {
        return metadata.ask(null).thenApply(answer -> {
            if (answer.topics().stream().anyMatch(topic -> name.equals(topic.name()))) {
                throw ClientException.timedOut("topic " + name + " is deleted but brokers still know it", null);
            }
            return true;
        });
    }
}
