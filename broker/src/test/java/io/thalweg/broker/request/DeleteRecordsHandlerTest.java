package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteRecordsRequest;
import io.thalweg.protocol.message.DeleteRecordsResponse;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DeleteRecordsHandlerTest {

    private static final long HIGH_WATERMARK = -1;

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void everyVersionMovesTheLogStart(int version) {
        var topic = filled("orders", Map.of());

        var answer = delete(topic, 0, 2, version);

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.lowWatermark()).isEqualTo(2);
        assertThat(read(topic, 1).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(read(topic, 2).logStartOffset()).isEqualTo(2);
    }

    @Test
    void minus1DeletesAllThatIsCommitted() {
        var topic = filled("orders", Map.of());

        assertThat(delete(topic, 0, HIGH_WATERMARK, 2).lowWatermark()).isEqualTo(4);
        assertThat(Requests.values(read(topic, 4))).isEmpty();
    }

    @Test
    void theLogStartNeverGoesBack() {
        var topic = filled("orders", Map.of());
        delete(topic, 0, 3, 2);

        assertThat(delete(topic, 0, 1, 2).lowWatermark()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(longs = {5, Long.MAX_VALUE, -2, Long.MIN_VALUE})
    void anOffsetOutsideIsRefused(long offset) {
        var topic = filled("orders", Map.of());

        var answer = delete(topic, 0, offset, 2);

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(answer.lowWatermark()).isEqualTo(-1);
        assertThat(read(topic, 0).errorCode()).isZero();
    }

    @Test
    void aTopicThatIsOnlyCompactedKeepsItsRecords() {
        assertThat(delete(filled("compacted", Map.of("cleanup.policy", "compact")), 0, 1, 2)
                        .errorCode())
                .isEqualTo(ErrorCode.POLICY_VIOLATION.code());
        assertThat(delete(filled("both", Map.of("cleanup.policy", "compact,delete")), 0, 1, 2)
                        .errorCode())
                .isZero();
    }

    @Test
    void internalTopicsAreNotTheClients() {
        assertThat(delete(filled("__consumer_offsets", Map.of()), 0, 1, 2).errorCode())
                .isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
    }

    @Test
    void whatIsNotHereIsSaidNotToBe() {
        var topic = filled("orders", Map.of());

        assertThat(delete(topic, 7, 1, 2).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        broker.giveUp(topic, 0);
        assertThat(delete(topic, 0, 1, 2).errorCode()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
    }

    private HostedTopic filled(String name, Map<String, String> configs) {
        var topic = broker.createTopic(name, 1, configs);
        client.call(produce(topic, 0, ALL, batch("a", "b", "c")), 9, ProduceResponse.class);
        client.call(produce(topic, 0, ALL, batch("d")), 9, ProduceResponse.class);
        return topic;
    }

    private DeleteRecordsResponse.Partition delete(HostedTopic topic, int partition, long offset, int version) {
        var request = DeleteRecordsRequest.builder()
                .topics(List.of(DeleteRecordsRequest.Topic.builder()
                        .name(topic.name())
                        .partitions(List.of(DeleteRecordsRequest.Partition.builder()
                                .partitionIndex(partition)
                                .offset(offset)
                                .build()))
                        .build()))
                .timeoutMillis(1_000)
                .build();
        return client.call(request, version, DeleteRecordsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private FetchResponse.Partition read(HostedTopic topic, long offset) {
        var request = fetch(fetchTopic(topic, fetchPartition(0, offset))).build();
        return Requests.only(client.call(request, 12, FetchResponse.class));
    }
}
