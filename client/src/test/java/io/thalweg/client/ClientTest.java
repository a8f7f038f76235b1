package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.NewTopic;
import io.thalweg.api.TopicDescription;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import io.thalweg.protocol.message.MetadataResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ClientTest {

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get();
    }

    @Test
    void agreesOnAnOlderApiVersionsWithAnOlderBroker() throws Exception {
        try (var broker = ScriptedBroker.open(3)) {
            broker.offerUpTo(ApiKey.API_VERSIONS, 2);
            broker.offerUpTo(ApiKey.METADATA, 5);
            try (var client = broker.connect()) {
                var topics = get(client.topics().list());

                assertThat(topics).extracting(TopicDescription::name).containsExactly(ScriptedBroker.TOPIC);
                assertThat(broker.seen(ApiKey.API_VERSIONS))
                        .extracting(ScriptedBroker.Seen::version)
                        .containsExactly((short) 4, (short) 2);
                assertThat(broker.seen(ApiKey.METADATA).get(0).version()).isEqualTo((short) 5);
            }
        }
    }

    @Test
    void aBrokerIsLeftAloneForAsLongAsItWants() throws Exception {
        var arrivedNanos = new CopyOnWriteArrayList<Long>();
        try (var broker = ScriptedBroker.open(1)) {
            broker.on(ApiKey.METADATA, (version, request) -> {
                arrivedNanos.add(System.nanoTime());
                return broker.metadata(1).toBuilder()
                        .throttleTimeMillis(arrivedNanos.size() == 1 ? 300 : 0)
                        .build();
            });
            try (var client = broker.connect()) {
                get(client.topics().list());

                get(client.topics().list());

                assertThat(Duration.ofNanos(arrivedNanos.get(1) - arrivedNanos.get(0)))
                        .isGreaterThanOrEqualTo(Duration.ofMillis(300));
            }
        }
    }

    @Test
    void createdTopicIsWaitedForUntilItHasLeaders() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            var asked = new AtomicInteger();
            broker.on(
                    ApiKey.CREATE_TOPICS, (version, request) -> created((CreateTopicsRequest) request, ErrorCode.NONE));
            broker.on(ApiKey.METADATA, (version, request) -> {
                var isVisible = asked.incrementAndGet() > 3;
                return isVisible
                        ? broker.metadata(1)
                        : broker.metadata(1).toBuilder()
                                .topics(List.of(new MetadataResponse.Topic(
                                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                                        ScriptedBroker.TOPIC,
                                        new UUID(0, 0),
                                        false,
                                        List.of(),
                                        0)))
                                .build();
            });
            try (var client = broker.connect()) {
                get(client.topics().create(NewTopic.of(ScriptedBroker.TOPIC, 1)));

                assertThat(asked).hasValue(4);
            }
        }
    }

    private static CreateTopicsResponse created(CreateTopicsRequest request, ErrorCode code) {
        return CreateTopicsResponse.builder()
                .topics(List.of(CreateTopicsResponse.Topic.builder()
                        .name(request.topics().get(0).name())
                        .errorCode(code.code())
                        .errorMessage("the broker's own words")
                        .build()))
                .build();
    }

    @Test
    void refusalOfATopicCarriesTheBrokersWords() throws Exception {
        try (var broker = ScriptedBroker.open(1);
                var client = broker.connect()) {
            broker.on(
                    ApiKey.CREATE_TOPICS,
                    (version, request) -> created((CreateTopicsRequest) request, ErrorCode.TOPIC_ALREADY_EXISTS));

            assertThatThrownBy(() -> get(client.topics().create(NewTopic.of("orders", 1))))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .hasMessage("topic orders was not created: the broker's own words (TOPIC_ALREADY_EXISTS)");
        }
    }

    @Test
    void deletesByNameWhereTheBrokerIsOld() throws Exception {
        try (var broker = ScriptedBroker.open(1)) {
            broker.offerUpTo(ApiKey.DELETE_TOPICS, 4);
            broker.on(
                    ApiKey.DELETE_TOPICS,
                    (version, request) -> DeleteTopicsResponse.builder()
                            .responses(List.of(new DeleteTopicsResponse.Topic(
                                    ((DeleteTopicsRequest) request).topicNames().get(0),
                                    new UUID(0, 0),
                                    (short) 0,
                                    null)))
                            .build());
            broker.on(
                    ApiKey.METADATA,
                    (version, request) ->
                            broker.metadata(1).toBuilder().topics(List.of()).build());
            try (var client = broker.connect()) {
                get(client.topics().delete("orders"));

                assertThat(broker.seen(ApiKey.DELETE_TOPICS)).hasSize(1);
            }
        }
    }

    @Test
    void brokerThatCannotBeReachedIsNamedAfterTheRetries() {
        try (var network = InProcessNetwork.open();
                var client = Client.connect(
                        network,
                        ConnectionConfig.of("nowhere:1").withTimeouts(Duration.ofSeconds(1), Duration.ofMillis(100)))) {
            assertThatThrownBy(() -> get(client.topics().list()))
                    .cause()
                    .hasMessageContaining("broker nowhere:1 cannot be reached")
                    .hasMessageContaining("tried for 0.1 s");
        }
    }

    @Test
    void brokerThatCannotBeReachedIsNotTheOnlyOneToBeAsked() throws Exception {
        try (var broker = ScriptedBroker.open(1);
                var client = Client.connect(
                        broker.network(),
                        ConnectionConfig.of("nowhere:1,broker:9092")
                                .withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10)))) {
            broker.on(
                    ApiKey.CREATE_TOPICS, (version, request) -> created((CreateTopicsRequest) request, ErrorCode.NONE));

            get(client.topics().create(NewTopic.of(ScriptedBroker.TOPIC, 1)));

            assertThat(broker.seen(ApiKey.CREATE_TOPICS)).hasSize(1);
        }
    }

    @Test
    void silentBrokerIsGivenUp() throws Exception {
        try (var broker = ScriptedBroker.open(1);
                var client = Client.connect(
                        broker.network(),
                        ConnectionConfig.of("broker:9092")
                                .withTimeouts(Duration.ofMillis(50), Duration.ofMillis(10)))) {
            broker.on(ApiKey.METADATA, (version, request) -> ScriptedBroker.NO_ANSWER);

            assertThatThrownBy(() -> get(client.topics().list()))
                    .cause()
                    // On a slow machine even the answer to ApiVersions may be late.
                    .hasMessageFindingMatch("broker broker:9092 did not answer (ApiVersions|Metadata) within 50 ms");
        }
    }

    @Test
    void emptyBootstrapIsRefused() {
        assertThatThrownBy(() -> ConnectionConfig.of(" , "))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected host:port");
    }
}
