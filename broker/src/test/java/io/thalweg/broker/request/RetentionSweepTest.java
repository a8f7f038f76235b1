package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batchAt;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.listOffsets;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.retention.RetentionSweep;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteRecordsRequest;
import io.thalweg.protocol.message.DeleteRecordsResponse;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Retention as clients see it: the earliest offset moves. */
final class RetentionSweepTest {

    private static final long EARLIEST = -2;
    private static final String HOUR = "3600000";

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final List<Integer> dropped = new ArrayList<>();

    @AfterEach
    void close() {
        broker.close();
    }

    private void sweep() {
        BrokerFixture.get(new RetentionSweep(
                        broker.shards(), broker.topics, broker.clock, (segments, bytes) -> dropped.add(segments))
                .run());
    }

    /** A topic of segments of one batch each, a minute apart. */
    private HostedTopic filled(String name, int batches, Map<String, String> configs) {
        var topic = broker.createTopic(name, 1, configs);
        for (var i = 0; i < batches; i++) {
            append(topic, TestClock.START_MILLIS + 60_000L * i);
        }
        return topic;
    }

    private void append(HostedTopic topic, long timestamp) {
        var answer = client.call(produce(topic, 0, ALL, batchAt(timestamp, "a", "b")), 9, ProduceResponse.class);
        assertThat(Requests.only(answer).errorCode()).isZero();
    }

    private long earliest(HostedTopic topic) {
        return client.call(listOffsets(topic, EARLIEST).build(), 5, ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .offset();
    }

    private FetchResponse.Partition read(HostedTopic topic, long offset) {
        return Requests.only(client.call(
                fetch(fetchTopic(topic, fetchPartition(0, offset))).build(), 12, FetchResponse.class));
    }

    @Test
    void oldSegmentsGoAsTimePasses() {
        var topic = filled("orders", 5, Map.of("retention.ms", HOUR, "internal.segment.bytes", "100"));
        sweep();
        assertThat(earliest(topic)).isZero();

        broker.clock.set(TestClock.START_MILLIS + 3_600_000 + 60_000 + 2);
        sweep();

        assertThat(earliest(topic)).isEqualTo(4);
        assertThat(read(topic, 3).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(Requests.values(read(topic, 4))).hasSize(6);
        assertThat(dropped).containsExactly(2);
    }

    @Test
    void aTopicThatHasGoneQuietBecomesEmptyAndGoesOn() {
        var topic = filled("orders", 3, Map.of("retention.ms", HOUR));

        broker.clock.set(TestClock.START_MILLIS + 100 * 3_600_000L);
        sweep();

        assertThat(earliest(topic)).isEqualTo(6);
        append(topic, broker.clock.millis());
        assertThat(Requests.values(read(topic, 6))).containsExactly("a", "b");
    }

    @Test
    void aLogIsKeptAsLargeAsItMayBe() {
        var bytes = batchAt(0, "a", "b").remaining();
        var topic = filled(
                "orders", 6, Map.of("retention.bytes", Integer.toString(2 * bytes), "internal.segment.bytes", "100"));

        sweep();

        assertThat(earliest(topic)).isEqualTo(8);
        sweep();
        assertThat(earliest(topic)).isEqualTo(8);
    }

    @Test
    void aCompactedTopicKeepsWhatIsOldUnlessItIsToGoToo() {
        var compacted = filled("compacted", 3, Map.of("retention.ms", HOUR, "cleanup.policy", "compact"));
        var both = filled("both", 3, Map.of("retention.ms", HOUR, "cleanup.policy", "compact,delete"));

        broker.clock.set(TestClock.START_MILLIS + 100 * 3_600_000L);
        sweep();

        assertThat(earliest(compacted)).isZero();
        assertThat(earliest(both)).isEqualTo(6);
    }

    @Test
    void aChangedSettingCountsFromTheNextSweep() {
        var topic = filled("orders", 4, Map.of("internal.segment.bytes", "100"));
        sweep();
        assertThat(earliest(topic)).isZero();

        broker.configure(topic, Map.of("retention.bytes", "0"));
        sweep();

        assertThat(earliest(topic)).isEqualTo(8);
    }

    @Test
    void deletedRecordsAndRetentionGoTogether() {
        var topic = filled("orders", 5, Map.of("retention.ms", HOUR, "internal.segment.bytes", "100"));
        delete(topic, 5);

        broker.clock.set(TestClock.START_MILLIS + 3_600_000 + 60_000 + 2);
        sweep();

        assertThat(earliest(topic)).isEqualTo(5);
        broker.clock.set(TestClock.START_MILLIS + 3_600_000 + 120_000 + 2);
        sweep();
        assertThat(earliest(topic)).isEqualTo(6);
    }

    private void delete(HostedTopic topic, long offset) {
        var request = DeleteRecordsRequest.builder()
                .topics(List.of(DeleteRecordsRequest.Topic.builder()
                        .name(topic.name())
                        .partitions(List.of(DeleteRecordsRequest.Partition.builder()
                                .partitionIndex(0)
                                .offset(offset)
                                .build()))
                        .build()))
                .timeoutMillis(1_000)
                .build();
        client.call(request, 2, DeleteRecordsResponse.class);
    }

    @Test
    void aPartitionWithoutItsLogIsPassedOver() {
        var lost = filled("lost", 2, Map.of("retention.bytes", "0"));
        var topic = filled("orders", 2, Map.of("retention.bytes", "0"));
        broker.giveUp(lost, 0);

        sweep();

        assertThat(earliest(topic)).isEqualTo(4);
    }
}
