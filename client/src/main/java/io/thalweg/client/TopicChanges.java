package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Changes topics that exist, and waits until the change is visible. Any thread may call. */
final class TopicChanges {

    private static final byte TOPIC_RESOURCE = 2;
    private static final byte SET_ON_TOPIC = 1;
    private static final byte SET = 0;
    private static final byte DELETE = 1;

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;
    private final Visibility visibility;

    TopicChanges(MetadataCache metadata, Connections connections, Retries retries, Visibility visibility) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
        this.visibility = visibility;
    }

    CompletableFuture<Void> raisePartitions(String name, int partitions) {
        var timeoutMillis = (int) connections.config().requestTimeout().toMillis();
        var wanted = new CreatePartitionsRequest.Topic(name, partitions, null);
        return retries.run(() -> connections
                        .call(
                                metadata.controller(),
                                ApiKey.CREATE_PARTITIONS,
                                CreatePartitionsResponse.class,
                                version -> new CreatePartitionsRequest(List.of(wanted), timeoutMillis, false))
                        .thenAccept(answer -> {
                            var result = answer.results().get(0);
                            expectNone("partitions of topic " + name, result.errorCode(), result.errorMessage());
                        }))
                .thenCompose(raised -> visibility.ofTopic(name, topic -> Visibility.isLed(topic, partitions)));
    }

    CompletableFuture<Void> changeConfig(String name, Map<String, Optional<String>> changes) {
        var configs = changes.entrySet().stream()
                .map(change -> new IncrementalAlterConfigsRequest.Config(
                        change.getKey(),
                        change.getValue().isPresent() ? SET : DELETE,
                        change.getValue().orElse(null)))
                .toList();
        var resource = new IncrementalAlterConfigsRequest.Resource(TOPIC_RESOURCE, name, configs);
        return retries.run(() -> connections
                        .call(
                                metadata.controller(),
                                ApiKey.INCREMENTAL_ALTER_CONFIGS,
                                IncrementalAlterConfigsResponse.class,
                                version -> new IncrementalAlterConfigsRequest(List.of(resource), false))
                        .thenAccept(answer -> {
                            var result = answer.responses().get(0);
                            expectNone("configs of topic " + name, result.errorCode(), result.errorMessage());
                        }))
                .thenCompose(
                        changed -> visibility.everywhere("topic " + name, broker -> isChanged(broker, name, changes)));
    }

    private CompletableFuture<Boolean> isChanged(Endpoint broker, String name, Map<String, Optional<String>> changes) {
        var resource = new DescribeConfigsRequest.Resource(TOPIC_RESOURCE, name, List.copyOf(changes.keySet()));
        return connections
                .call(
                        broker,
                        ApiKey.DESCRIBE_CONFIGS,
                        DescribeConfigsResponse.class,
                        version -> new DescribeConfigsRequest(List.of(resource), false, false))
                .thenApply(answer -> answer.results().get(0).configs().stream()
                        .allMatch(config -> changes.getOrDefault(config.name(), Optional.empty())
                                .equals(
                                        config.configSource() == SET_ON_TOPIC
                                                ? Optional.ofNullable(config.value())
                                                : Optional.empty())));
    }

    private static void expectNone(String what, short errorCode, @Nullable String message) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw ClientException.answered(what, errorCode, message);
        }
    }
}
