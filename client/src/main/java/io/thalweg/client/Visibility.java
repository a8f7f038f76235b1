package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.transport.Endpoint;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;

/** Waits until every broker that answers shows what was changed. Owned by the loop. */
final class Visibility {

    private final MetadataCache metadata;
    private final Connections connections;
    private final Retries retries;

    Visibility(MetadataCache metadata, Connections connections, Retries retries) {
        this.metadata = metadata;
        this.connections = connections;
        this.retries = retries;
    }

    /** Completes once every broker shows the topic as expected. */
    CompletableFuture<Void> ofTopic(String name, Predicate<MetadataResponse.Topic> expected) {
        return everywhere("topic " + name, broker -> topic(broker, name).thenApply(expected::test));
    }

    private CompletableFuture<MetadataResponse.Topic> topic(Endpoint broker, String name) {
        return connections
                .call(
                        broker,
                        ApiKey.METADATA,
                        MetadataResponse.class,
                        version -> new MetadataRequest(
                                List.of(new MetadataRequest.Topic(Message.ZERO_UUID, name)), false, false, false))
                .thenApply(answer -> answer.topics().get(0));
    }

    /** Whether the topic is there and all its partitions, at least so many, have leaders. */
    static boolean isLed(MetadataResponse.Topic topic, int partitions) {
        return topic.errorCode() == ErrorCode.NONE.code()
                && topic.partitions().size() >= Math.max(1, partitions)
                && topic.partitions().stream().allMatch(each -> each.leaderId() >= 0);
    }

    static boolean isGone(MetadataResponse.Topic topic) {
        return topic.errorCode() == ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code();
    }

    /** Asks every broker until each one says yes; one that does not answer is not waited for. */
    CompletableFuture<Void> everywhere(String what, Function<Endpoint, CompletableFuture<Boolean>> question) {
        return retries.run(() -> {
            var answers = metadata.image().brokers().values().stream()
                    .map(broker -> question.apply(broker).exceptionally(unreachable -> true))
                    .toList();
            return CompletableFuture.allOf(answers.toArray(CompletableFuture<?>[]::new))
                    .thenAccept(all -> {
                        if (!answers.stream().allMatch(CompletableFuture::join)) {
                            throw ClientException.timedOut(
                                    "change of " + what + " is not visible everywhere yet", null);
                        }
                    });
        });
    }
}
