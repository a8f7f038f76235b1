package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.DeleteTopicsRequest;
import io.thalweg.protocol.message.DeleteTopicsRequest.Topic;
import io.thalweg.protocol.message.DeleteTopicsResponse;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class DeleteTopicsDeciderTest {

    private static final UUID UNKNOWN = new UUID(9, 9);

    private final DeleteTopicsDecider decider = new DeleteTopicsDecider(true);
    private final Cluster cluster = Cluster.withBrokers(1).topic("orders", 2, 1).topic("users", 1, 1);

    private List<DeleteTopicsResponse.Topic> delete(String... names) {
        var request = DeleteTopicsRequest.builder().topicNames(List.of(names)).build();
        return cluster.decide(decider, request).responses();
    }

    private List<DeleteTopicsResponse.Topic> delete(Topic... topics) {
        var request = DeleteTopicsRequest.builder().topics(List.of(topics)).build();
        return cluster.decide(decider, request).responses();
    }

    private static Topic named(String name) {
        return new Topic(name, Message.ZERO_UUID);
    }

    private static Topic identified(UUID id) {
        return new Topic(null, id);
    }

    private static DeleteTopicsResponse.Topic row(
            @Nullable String name, UUID id, ErrorCode error, @Nullable String message) {
        return new DeleteTopicsResponse.Topic(name, id, error.code(), message);
    }

    private static DeleteTopicsResponse.Topic deleted(String name) {
        return row(name, Cluster.topicId(name), ErrorCode.NONE, null);
    }

    @Test
    void namedTopicIsDeletedWithItsConfigs() {
        cluster.config(ConfigResource.ofTopic("orders"), "retention.ms", "5");

        var rows = delete("orders");

        assertThat(rows).containsExactly(deleted("orders"));
        assertThat(cluster.image().topic("orders")).isEmpty();
        assertThat(cluster.image().topic(Cluster.topicId("orders"))).isEmpty();
        assertThat(cluster.image().configs()).isEmpty();
        assertThat(cluster.image().topics()).hasSize(1);
    }

    @Test
    void topicIsDeletedByItsId() {
        assertThat(delete(identified(Cluster.topicId("orders")), named("users")))
                .containsExactly(deleted("orders"), deleted("users"));
        assertThat(cluster.image().topics()).isEmpty();
    }

    @Test
    void unknownTopicsAreToldOneByOne() {
        assertThat(delete("orders", "nope"))
                .containsExactly(
                        deleted("orders"),
                        row(
                                "nope",
                                Message.ZERO_UUID,
                                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                                "topic nope does not exist"));
        assertThat(delete(identified(UNKNOWN)))
                .containsExactly(
                        row(null, UNKNOWN, ErrorCode.UNKNOWN_TOPIC_ID, "no topic has the id AAAAAAAAAAkAAAAAAAAACQ"));
    }

    @Test
    void topicNeedsEitherNameOrId() {
        assertThat(delete(identified(Message.ZERO_UUID)))
                .containsExactly(row(
                        null,
                        Message.ZERO_UUID,
                        ErrorCode.INVALID_REQUEST,
                        "a topic is asked for with neither name nor id"));
        assertThat(delete(new Topic("orders", Cluster.topicId("orders"))))
                .containsExactly(row(
                        "orders",
                        Cluster.topicId("orders"),
                        ErrorCode.INVALID_REQUEST,
                        "topic orders is asked for by name and id: expected one of them"));
        assertThat(cluster.image().topics()).hasSize(2);
    }

    @Test
    void whatIsThereTwiceHasOneRowAndIsRefused() {
        var message = "the topic is in the request more than once";

        assertThat(delete("orders", "users", "orders"))
                .containsExactly(
                        row("orders", Message.ZERO_UUID, ErrorCode.INVALID_REQUEST, message), deleted("users"));
        assertThat(delete(identified(UNKNOWN), identified(UNKNOWN)))
                .containsExactly(row(null, UNKNOWN, ErrorCode.INVALID_REQUEST, message));
        assertThat(cluster.image().topic("orders")).isPresent();
    }

    @Test
    void topicByNameAndByIdIsDeletedOnce() {
        assertThat(delete(named("orders"), identified(Cluster.topicId("orders"))))
                .containsExactly(
                        deleted("orders"),
                        row(
                                "orders",
                                Cluster.topicId("orders"),
                                ErrorCode.INVALID_REQUEST,
                                "topic orders is in the request by name and by id"));
    }

    @Test
    void deletionCanBeSwitchedOff() {
        var request =
                DeleteTopicsRequest.builder().topicNames(List.of("orders")).build();

        var decision = new DeleteTopicsDecider(false).decide(cluster.image(), request);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().responses())
                .containsExactly(row(
                        "orders",
                        Cluster.topicId("orders"),
                        ErrorCode.TOPIC_DELETION_DISABLED,
                        "topics cannot be deleted: delete.topic.enable is false"));
    }
}
