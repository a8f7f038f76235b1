package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.OffsetForLeaderEpochRequest;
import io.thalweg.protocol.message.OffsetForLeaderEpochResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OffsetForLeaderEpochHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final HostedTopic topic = broker.createTopic("orders", 1);

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4})
    void everyVersionTellsWhereAnEpochEnds(int version) {
        var first = broker.leaderEpoch();
        append(batch("a", "b"));
        broker.leadAgain(topic);
        append(batch("c"));

        assertThat(end(ask("orders", 0, -1, first, version))).isEqualTo(first + " ends at 2");
        assertThat(end(ask("orders", 0, -1, first + 1, version))).isEqualTo((first + 1) + " ends at 3");
    }

    @Test
    void anEpochBetweenTwoIsTheOlderOne() {
        var first = broker.leaderEpoch();
        append(batch("a"));
        broker.leadAgain(topic);
        broker.leadAgain(topic);
        append(batch("b"));

        assertThat(end(ask("orders", 0, -1, first + 1, 4))).isEqualTo(first + " ends at 1");
    }

    @Test
    void anUnknownEpochHasNoEnd() {
        append(batch("a"));

        assertThat(end(ask("orders", 0, -1, broker.leaderEpoch() + 1, 4))).isEqualTo("-1 ends at -1");
        assertThat(end(ask("orders", 0, -1, -1, 4))).isEqualTo("-1 ends at -1");
    }

    @Test
    void leaderEpochsFenceReaders() {
        var epoch = broker.leaderEpoch();

        assertThat(error(ask("orders", 0, epoch, epoch, 4))).isEqualTo(ErrorCode.NONE);
        assertThat(error(ask("orders", 0, epoch - 1, epoch, 4))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(ask("orders", 0, epoch + 1, epoch, 4))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void whatIsNotHereIsSaidNotToBe() {
        assertThat(error(ask("strange", 0, -1, 0, 4))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(ask("orders", 3, -1, 0, 4))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        broker.giveUp(topic, 0);
        assertThat(error(ask("orders", 0, -1, 0, 4))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    private void append(ByteBuffer records) {
        client.call(produce(topic, 0, ALL, records), 9, ProduceResponse.class);
    }

    private OffsetForLeaderEpochResponse.Partition ask(
            String name, int partition, int currentLeaderEpoch, int leaderEpoch, int version) {
        var request = OffsetForLeaderEpochRequest.builder()
                .topics(List.of(OffsetForLeaderEpochRequest.Topic.builder()
                        .topic(name)
                        .partitions(List.of(OffsetForLeaderEpochRequest.Partition.builder()
                                .partition(partition)
                                .currentLeaderEpoch(currentLeaderEpoch)
                                .leaderEpoch(leaderEpoch)
                                .build()))
                        .build()))
                .build();
        return client.call(request, version, OffsetForLeaderEpochResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0);
    }

    private static String end(OffsetForLeaderEpochResponse.Partition answer) {
        assertThat(error(answer)).isEqualTo(ErrorCode.NONE);
        return answer.leaderEpoch() + " ends at " + answer.endOffset();
    }

    private static ErrorCode error(OffsetForLeaderEpochResponse.Partition answer) {
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }
}
