package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest.Config;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest.Resource;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IncrementalAlterConfigsDeciderTest {

    private static final byte TOPIC = 2;
    private static final byte BROKER = 4;
    private static final byte SET = 0;
    private static final byte DELETE = 1;
    private static final byte APPEND = 2;
    private static final byte SUBTRACT = 3;
    private static final ConfigResource ORDERS = ConfigResource.ofTopic("orders");

    private final IncrementalAlterConfigsDecider decider =
            new IncrementalAlterConfigsDecider(new SampleSchema(), Cluster.elections());
    private final Cluster cluster = Cluster.withBrokers(1).topic("orders", 1, 1).topic("users", 1, 1);

    private static Resource resource(byte type, String name, Config... configs) {
        return new Resource(type, name, List.of(configs));
    }

    private static Resource orders(Config... configs) {
        return resource(TOPIC, "orders", configs);
    }

    private static Config config(String name, byte operation, @Nullable String value) {
        return new Config(name, operation, value);
    }

    private List<IncrementalAlterConfigsResponse.Resource> alter(Resource... resources) {
        var request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(resources))
                .build();
        return cluster.decide(decider, request).responses();
    }

    private void assertAltered(Resource resource) {
        assertThat(alter(resource))
                .containsExactly(new IncrementalAlterConfigsResponse.Resource(
                        (short) 0, null, resource.resourceType(), resource.resourceName()));
    }

    private void assertRefused(Resource resource, ErrorCode error, String message) {
        var before = cluster.image();

        assertThat(alter(resource))
                .containsExactly(new IncrementalAlterConfigsResponse.Resource(
                        error.code(), message, resource.resourceType(), resource.resourceName()));
        assertThat(cluster.image()).isEqualTo(before);
    }

    private Map<String, String> configs(ConfigResource resource) {
        return cluster.image().configs(resource);
    }

    @Test
    void valuesAreSetAndDeleted() {
        assertAltered(orders(config("retention.ms", SET, "5"), config("low", SET, "1")));
        assertThat(configs(ORDERS)).isEqualTo(Map.of("retention.ms", "5", "low", "1"));

        assertAltered(orders(config("retention.ms", DELETE, null), config("high", SET, "9")));
        assertThat(configs(ORDERS)).isEqualTo(Map.of("low", "1", "high", "9"));
    }

    @Test
    void deletingWhatIsNotSetIsNoError() {
        assertAltered(orders(config("retention.ms", DELETE, null), config("nope", DELETE, "x")));

        assertThat(configs(ORDERS)).isEmpty();
    }

    @Test
    void whatStaysAsItIsIsNotLogged() {
        cluster.config(ORDERS, "retention.ms", "5");
        var request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(orders(config("retention.ms", SET, "5"))))
                .build();

        assertThat(decider.decide(cluster.image(), request).records()).isEmpty();
    }

    @Test
    void listIsAppendedToStartingFromItsDefault() {
        assertAltered(orders(config("cleanup.policy", APPEND, "compact")));
        assertThat(configs(ORDERS)).isEqualTo(Map.of("cleanup.policy", "delete,compact"));

        assertAltered(orders(config("cleanup.policy", APPEND, "compact")));
        assertThat(configs(ORDERS)).isEqualTo(Map.of("cleanup.policy", "delete,compact"));
    }

    @Test
    void listIsSubtractedFrom() {
        cluster.config(ORDERS, "cleanup.policy", "delete, compact");

        assertAltered(orders(config("cleanup.policy", SUBTRACT, "delete")));

        assertThat(configs(ORDERS)).isEqualTo(Map.of("cleanup.policy", "compact"));
    }

    @Test
    void onlyListsAreAppendedTo() {
        assertRefused(
                orders(config("retention.ms", APPEND, "5")),
                ErrorCode.INVALID_CONFIG,
                "config retention.ms cannot be appended to or subtracted from: it is not a list");
        assertRefused(
                orders(config("nope", SUBTRACT, "5")),
                ErrorCode.INVALID_CONFIG,
                "config nope cannot be appended to or subtracted from: it is not a list");
    }

    @Test
    void valuesAreValidatedTogether() {
        cluster.config(ORDERS, "high", "5");

        assertRefused(orders(config("low", SET, "6")), ErrorCode.INVALID_CONFIG, "low=6 is above high=5");
        assertRefused(orders(config("nope", SET, "6")), ErrorCode.INVALID_CONFIG, "config nope is unknown");
        assertRefused(
                orders(config("retention.ms", SET, "x")),
                ErrorCode.INVALID_CONFIG,
                "config retention.ms=x refused: expected a value of type LONG");
        assertAltered(orders(config("low", SET, "6"), config("high", SET, "7")));
    }

    @Test
    void nullIsNoValue() {
        assertRefused(
                orders(config("retention.ms", SET, null)),
                ErrorCode.INVALID_REQUEST,
                "config retention.ms refused: its value is null");
        assertRefused(
                orders(config("cleanup.policy", APPEND, null)),
                ErrorCode.INVALID_REQUEST,
                "config cleanup.policy refused: its value is null");
    }

    @Test
    void valueHasALimit() {
        assertRefused(
                orders(config("retention.ms", SET, "5".repeat(32_768))),
                ErrorCode.INVALID_CONFIG,
                "config retention.ms refused: its value has 32768 characters; at most 32767 are allowed");
    }

    @Test
    void unknownOperationIsRefused() {
        assertRefused(
                orders(config("retention.ms", (byte) 7, "5")),
                ErrorCode.INVALID_REQUEST,
                "operation 7 on config retention.ms refused: expected 0 set, 1 delete, 2 append or 3 subtract");
    }

    @Test
    void oneRefusedConfigRefusesItsResourceAndNoOther() {
        var rows = alter(
                orders(config("retention.ms", SET, "5"), config("low", SET, "x")),
                resource(TOPIC, "users", config("retention.ms", SET, "6")));

        assertThat(rows)
                .extracting(IncrementalAlterConfigsResponse.Resource::errorCode)
                .containsExactly(ErrorCode.INVALID_CONFIG.code(), ErrorCode.NONE.code());
        assertThat(configs(ORDERS)).isEmpty();
        assertThat(configs(ConfigResource.ofTopic("users"))).isEqualTo(Map.of("retention.ms", "6"));
    }

    @Test
    void configThatIsThereTwiceIsRefused() {
        assertRefused(
                orders(config("low", SET, "1"), config("low", SET, "2")),
                ErrorCode.INVALID_REQUEST,
                "configs [low] are in the request more than once");
    }

    @Test
    void resourceThatIsThereTwiceIsRefusedInBothRows() {
        var rows = alter(
                orders(config("low", SET, "1")),
                orders(config("high", SET, "2")),
                resource(TOPIC, "users", config("low", SET, "1")));

        assertThat(rows)
                .extracting(IncrementalAlterConfigsResponse.Resource::errorCode)
                .containsExactly(
                        ErrorCode.INVALID_REQUEST.code(), ErrorCode.INVALID_REQUEST.code(), ErrorCode.NONE.code());
        assertThat(configs(ORDERS)).isEmpty();
    }

    @Test
    void brokersHaveConfigsOfTheirOwnAndADefault() {
        assertAltered(resource(BROKER, "1", config("threads", SET, "2")));
        assertAltered(resource(BROKER, "", config("threads", SET, "3")));

        assertThat(configs(ConfigResource.ofBroker(1))).isEqualTo(Map.of("threads", "2"));
        assertThat(configs(ConfigResource.BROKER_DEFAULT)).isEqualTo(Map.of("threads", "3"));
    }

    @Test
    void brokerValuesAreRefusedWithAnotherCode() {
        assertRefused(
                resource(BROKER, "1", config("threads", SET, "0")),
                ErrorCode.INVALID_REQUEST,
                "config threads=0 refused: expected a number not below 1");
    }

    @Test
    void resourceMustExist() {
        var set = config("retention.ms", SET, "5");

        assertRefused(resource(TOPIC, "nope", set), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "topic nope does not exist");
        assertRefused(
                resource(TOPIC, "", set),
                ErrorCode.INVALID_REQUEST,
                "a topic's configs need its name: there is no default");
        assertRefused(resource(BROKER, "9", set), ErrorCode.INVALID_REQUEST, "broker 9 is not registered");
        assertRefused(
                resource(BROKER, "one", set), ErrorCode.INVALID_REQUEST, "broker 'one' refused: expected a node id");
        assertRefused(
                resource((byte) 3, "x", set),
                ErrorCode.INVALID_REQUEST,
                "resource type 3 refused: expected 2 for topics, 4 for brokers, 16 for client metrics or 32 for groups");
    }

    @Test
    void validationChangesNothing() {
        var request = IncrementalAlterConfigsRequest.builder()
                .resources(List.of(orders(config("low", SET, "1")), resource(TOPIC, "users", config("low", SET, "x"))))
                .validateOnly(true)
                .build();

        var decision = decider.decide(cluster.image(), request);

        assertThat(decision.records()).isEmpty();
        assertThat(decision.reply().responses())
                .extracting(IncrementalAlterConfigsResponse.Resource::errorCode)
                .containsExactly(ErrorCode.NONE.code(), ErrorCode.INVALID_CONFIG.code());
    }
}
