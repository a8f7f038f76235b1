package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.QuotaEntity;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AlterClientQuotasRequest;
import io.thalweg.protocol.message.AlterClientQuotasRequest.Entity;
import io.thalweg.protocol.message.AlterClientQuotasRequest.Operation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class AlterClientQuotasDeciderTest {

    private static final QuotaEntity CLIENT = QuotaEntity.of(QuotaEntity.CLIENT_ID, Optional.of("a=b,c d%2C<>"));

    private final Cluster cluster = Cluster.withBrokers(1);

    private ErrorCode alter(List<Entity> entity, Operation... operations) {
        var request = AlterClientQuotasRequest.builder()
                .entries(List.of(new AlterClientQuotasRequest.Entry(entity, List.of(operations))))
                .build();
        var row = cluster.decide(new AlterClientQuotasDecider(), request)
                .entries()
                .get(0);
        return ErrorCode.forCode(row.errorCode()).orElseThrow();
    }

    private static Operation set(String key, double value) {
        return new Operation(key, value, false);
    }

    private static Operation unset(String key) {
        return new Operation(key, 0, true);
    }

    @Test
    void quotasAreSetKeptAndTakenBack() {
        var client = List.of(new Entity("client-id", "a=b,c d%2C<>"));

        assertThat(alter(client, set("producer_byte_rate", 1024), set("request_percentage", 12.5)))
                .isEqualTo(ErrorCode.NONE);
        var replayed = MetadataRecords.replay(MetadataImage.EMPTY, ImageRecords.of(cluster.image()));
        assertThat(replayed.configs(CLIENT.toResource()))
                .isEqualTo(Map.of("producer_byte_rate", "1024.0", "request_percentage", "12.5"));
        assertThat(QuotaEntity.fromResource(CLIENT.toResource())).isEqualTo(CLIENT);

        assertThat(alter(client, unset("producer_byte_rate"), unset("request_percentage")))
                .isEqualTo(ErrorCode.NONE);
        assertThat(cluster.image().configs()).isEmpty();
    }

    @Test
    void theDefaultIsNobodyOfThatName() {
        alter(List.of(new Entity("user", null), new Entity("client-id", "<default>")), set("consumer_byte_rate", 1));

        var entity = QuotaEntity.of(Optional.empty(), Optional.of("<default>"));
        assertThat(cluster.image().configs(entity.toResource())).containsKey("consumer_byte_rate");
        assertThat(QuotaEntity.fromResource(entity.toResource())).isEqualTo(entity);
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        var user = List.of(new Entity("user", "alice"));

        assertThat(alter(List.of(), set("producer_byte_rate", 1))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(List.of(new Entity("group", "x")), set("producer_byte_rate", 1)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(List.of(new Entity("user", "")), set("producer_byte_rate", 1)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(List.of(new Entity("user", "x"), new Entity("ip", "::1")), set("producer_byte_rate", 1)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(List.of(new Entity("ip", "no address")), set("connection_creation_rate", 1)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(user, set("speed", 1))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(user, set("connection_creation_rate", 1))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(user, set("producer_byte_rate", 0))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(user, set("producer_byte_rate", 1.5))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(cluster.image().configs()).isEmpty();
    }
}
