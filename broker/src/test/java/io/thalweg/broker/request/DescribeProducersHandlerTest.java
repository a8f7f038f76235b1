package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.produce;
import static io.thalweg.broker.request.Requests.sequenced;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeProducersRequest;
import io.thalweg.protocol.message.DescribeProducersResponse;
import io.thalweg.protocol.message.DescribeProducersResponse.ProducerState;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DescribeProducersHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    private List<DescribeProducersResponse.Partition> describe(String topic, Integer... partitions) {
        var request =
                new DescribeProducersRequest(List.of(new DescribeProducersRequest.Topic(topic, List.of(partitions))));
        return client.call(request, 0, DescribeProducersResponse.class)
                .topics()
                .get(0)
                .partitions();
    }

    @Test
    void producersOfAPartitionAreShownWithTheirLastSequence() {
        var topic = broker.createTopic("orders", 2);
        client.call(produce(topic, 0, ALL, sequenced(7, 3, 0, "a", "b")), 9, ProduceResponse.class);
        client.call(produce(topic, 0, ALL, sequenced(7, 3, 2, "c")), 9, ProduceResponse.class);
        client.call(produce(topic, 0, ALL, sequenced(9, 0, 0, "d")), 9, ProduceResponse.class);

        var described = describe("orders", 0, 1);

        assertThat(described.get(0).activeProducers())
                .extracting(ProducerState::producerId, ProducerState::producerEpoch, ProducerState::lastSequence)
                .containsExactly(tuple(7L, 3, 2), tuple(9L, 0, 0));
        assertThat(described.get(0).activeProducers())
                .allSatisfy(each -> assertThat(each.currentTxnStartOffset()).isEqualTo(-1));
        assertThat(described.get(1).activeProducers()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamed() {
        broker.createTopic("orders", 1);

        assertThat(describe("orders", 1).get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
        assertThat(describe("unknown", 0).get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
}
