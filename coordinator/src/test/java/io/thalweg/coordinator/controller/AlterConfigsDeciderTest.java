package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterConfigsRequest;
import io.thalweg.protocol.message.AlterConfigsRequest.Config;
import io.thalweg.protocol.message.AlterConfigsRequest.Resource;
import io.thalweg.protocol.message.AlterConfigsResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AlterConfigsDeciderTest {

    private static final byte TOPIC = 2;
    private static final ConfigResource ORDERS = ConfigResource.ofTopic("orders");

    private final AlterConfigsDecider decider = new AlterConfigsDecider(new SampleSchema(), Cluster.elections());
    private final Cluster cluster = Cluster.withBrokers(1).topic("orders", 1, 1).config(ORDERS, "low", "1");

    private AlterConfigsResponse.Resource alter(String topic, Config... configs) {
        var request = AlterConfigsRequest.builder()
                .resources(List.of(new Resource(TOPIC, topic, List.of(configs))))
                .build();
        return cluster.decide(decider, request).responses().get(0);
    }

    @Test
    void whatIsNotInTheRequestGoesBackToItsDefault() {
        assertThat(alter("orders", new Config("retention.ms", "5")).errorCode()).isZero();

        assertThat(cluster.image().configs(ORDERS)).isEqualTo(Map.of("retention.ms", "5"));
    }

    @Test
    void nothingInTheRequestTakesEverythingBack() {
        assertThat(alter("orders").errorCode()).isZero();

        assertThat(cluster.image().configs()).isEmpty();
    }

    @Test
    void refusedValuesChangeNothing() {
        assertThat(alter("orders", new Config("low", "x")).errorCode()).isEqualTo(ErrorCode.INVALID_CONFIG.code());
        assertThat(alter("orders", new Config("low", null)).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(alter("orders", new Config("low", "1"), new Config("low", "2"))
                        .errorCode())
                .isEqualTo(ErrorCode.INVALID_REQUEST.code());
        assertThat(alter("nope", new Config("low", "1")).errorCode())
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());

        assertThat(cluster.image().configs(ORDERS)).isEqualTo(Map.of("low", "1"));
    }

    @Test
    void resourceThatIsThereTwiceIsRefused() {
        var resource = new Resource(TOPIC, "orders", List.of());
        var request = AlterConfigsRequest.builder()
                .resources(List.of(resource, resource))
                .build();

        assertThat(cluster.decide(decider, request).responses())
                .extracting(AlterConfigsResponse.Resource::errorCode)
                .containsExactly(ErrorCode.INVALID_REQUEST.code(), ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void validationChangesNothing() {
        var request = AlterConfigsRequest.builder()
                .resources(List.of(new Resource(TOPIC, "orders", List.of())))
                .validateOnly(true)
                .build();

        assertThat(decider.decide(cluster.image(), request).records()).isEmpty();
    }
}
