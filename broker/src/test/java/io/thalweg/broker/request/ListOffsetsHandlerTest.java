package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.batchAt;
import static io.thalweg.broker.request.Requests.bytes;
import static io.thalweg.broker.request.Requests.listOffsets;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ListOffsetsHandlerTest {

    private static final long LATEST = -1;
    private static final long EARLIEST = -2;
    private static final long MAX_TIMESTAMP = -3;
    private static final long EARLIEST_LOCAL = -4;
    private static final long LATEST_TIERED = -5;
    private static final long EARLIEST_PENDING_UPLOAD = -6;
    private static final String NOTHING = "-1@-1";

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final HostedTopic topic = broker.createTopic("orders", 2);

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void everyVersionFindsTheEnds(int version) {
        append(batch("a", "b"));
        append(batch("c"));
        deleteBelow(1);

        var latest = ask(version, LATEST);
        var earliest = ask(version, EARLIEST);

        assertThat(latest.offset()).isEqualTo(3);
        assertThat(latest.timestamp()).isEqualTo(-1);
        assertThat(latest.leaderEpoch()).isEqualTo(version < 4 ? -1 : broker.leaderEpoch());
        assertThat(earliest.offset()).isEqualTo(1);
        assertThat(earliest.leaderEpoch()).isEqualTo(version < 4 ? -1 : broker.leaderEpoch());
    }

    @ParameterizedTest
    @CsvSource({"-3,6", "-4,7", "-5,8", "-6,10", "-7,11", "-100,11"})
    void namedOffsetsNeedTheirVersion(long name, int tooOld) {
        assertThat(error(ask(tooOld, name))).isEqualTo(ErrorCode.UNSUPPORTED_VERSION);
        if (name >= EARLIEST_PENDING_UPLOAD) {
            assertThat(error(ask(tooOld + 1, name))).isEqualTo(ErrorCode.NONE);
        }
    }

    @Test
    void anEmptyLogHasOnlyItsEnds() {
        assertThat(find(LATEST)).isEqualTo("0@-1");
        assertThat(find(EARLIEST)).isEqualTo("0@-1");
        assertThat(find(EARLIEST_LOCAL)).isEqualTo("0@-1");
        assertThat(find(MAX_TIMESTAMP)).isEqualTo(NOTHING);
        assertThat(find(0)).isEqualTo(NOTHING);
    }

    @Test
    void nothingIsTiered() {
        append(batch("a"));

        assertThat(find(LATEST_TIERED)).isEqualTo(NOTHING);
        assertThat(find(EARLIEST_PENDING_UPLOAD)).isEqualTo(NOTHING);
        assertThat(ask(11, LATEST_TIERED).leaderEpoch()).isEqualTo(-1);
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void aTimeIsFoundToTheRecord(Compression compression) {
        append(stamped(compression, 1_000, 3_000, 2_000));
        append(stamped(compression, 2_500, 9_000));

        assertThat(find(0)).isEqualTo("0@1000");
        assertThat(find(1_000)).isEqualTo("0@1000");
        assertThat(find(1_001)).isEqualTo("1@3000");
        assertThat(find(2_500)).isEqualTo("1@3000");
        assertThat(find(3_001)).isEqualTo("4@9000");
        assertThat(find(9_001)).isEqualTo(NOTHING);
        assertThat(find(Long.MAX_VALUE)).isEqualTo(NOTHING);
    }

    @Test
    void theGreatestTimestampIsFoundWhereItIsFirst() {
        append(stamped(Compression.NONE, 1_000, 5_000, 5_000));
        append(stamped(Compression.NONE, 2_000));

        assertThat(find(MAX_TIMESTAMP)).isEqualTo("1@5000");
    }

    @Test
    void recordsBelowTheLogStartAreNotFound() {
        append(stamped(Compression.NONE, 1_000, 5_000, 2_000));
        append(stamped(Compression.NONE, 1_500));
        append(stamped(Compression.NONE, 4_000, 6_000));
        deleteBelow(2);

        assertThat(find(0)).isEqualTo("2@2000");
        assertThat(find(3_000)).isEqualTo("4@4000");
        assertThat(find(4_500)).isEqualTo("5@6000");
    }

    @Test
    void appendTimesAreFoundWithTheFirstRecordOfTheirBatch() {
        var stampedByBroker = broker.createTopic("times", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        broker.clock.set(7_000);
        client.call(produce(stampedByBroker, 0, ALL, batch("a", "b")), 9, ProduceResponse.class);
        broker.clock.set(8_000);
        client.call(produce(stampedByBroker, 0, ALL, batch("c", "d")), 9, ProduceResponse.class);

        var found = client.call(listOffsets(stampedByBroker, 7_001).build(), 11, ListOffsetsResponse.class);

        assertThat(text(found.topics().get(0).partitions().get(0))).isEqualTo("2@8000");
    }

    @Test
    void theEpochIsTheOneOfTheRecord() {
        append(batchAt(1_000, "a"));
        var first = broker.leaderEpoch();
        broker.leadAgain(topic);
        append(batchAt(2_000, "b"));

        assertThat(ask(11, 500).leaderEpoch()).isEqualTo(first);
        assertThat(ask(11, 1_500).leaderEpoch()).isEqualTo(first + 1);
        assertThat(ask(11, EARLIEST).leaderEpoch()).isEqualTo(first);
        assertThat(ask(11, LATEST).leaderEpoch()).isEqualTo(first + 1);
    }

    @Test
    void consumersDoNotSeeWhatIsNotCommittedAndReplicasDo() {
        append(batchAt(1_000, "a"));
        broker.engine().holdCommits();
        var held = client.send(produce(topic, 0, ALL, batchAt(5_000, "b")), 9);
        await().until(() -> topic.partitions().get(0).logEndOffset() == 2);
        var other = broker.client();

        for (byte isolation = 0; isolation <= 1; isolation++) {
            var consumer = listOffsets(topic, LATEST).isolationLevel(isolation).build();
            assertThat(text(only(other.call(consumer, 11, ListOffsetsResponse.class))))
                    .isEqualTo("1@-1");
        }
        var late = listOffsets(topic, 4_000).build();
        assertThat(text(only(other.call(late, 11, ListOffsetsResponse.class)))).isEqualTo(NOTHING);
        var greatest = listOffsets(topic, MAX_TIMESTAMP).build();
        assertThat(text(only(other.call(greatest, 11, ListOffsetsResponse.class))))
                .isEqualTo(NOTHING);
        var replica = listOffsets(topic, LATEST).replicaId(-2).build();
        assertThat(text(only(other.call(replica, 11, ListOffsetsResponse.class))))
                .isEqualTo("2@-1");
        broker.engine().releaseCommits();
        TestClient.get(held);
    }

    @Test
    void leaderEpochsFenceReaders() {
        var epoch = broker.leaderEpoch();

        assertThat(error(askAt(epoch))).isEqualTo(ErrorCode.NONE);
        assertThat(error(askAt(epoch - 1))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(askAt(epoch + 1))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    @Test
    void whatIsNotHereIsSaidNotToBe() {
        var stranger = new HostedTopic("strange", FakeCluster.id(9), topic.partitions(), topic.settings());
        assertThat(error(only(client.call(listOffsets(stranger, LATEST).build(), 11, ListOffsetsResponse.class))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);

        broker.giveUp(topic, 0);
        assertThat(error(ask(11, LATEST))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aPartitionAskedForTwiceIsRefusedAndTheOthersAreNot() {
        var twice = partition(0, LATEST);
        var request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsRequest.Topic.builder()
                        .name("orders")
                        .partitions(List.of(twice, partition(1, LATEST), twice))
                        .build()));

        var answer = client.call(request.build(), 11, ListOffsetsResponse.class);

        assertThat(answer.topics().get(0).partitions())
                .extracting(ListOffsetsResponse.Partition::errorCode)
                .containsExactly(ErrorCode.INVALID_REQUEST.code(), (short) 0, ErrorCode.INVALID_REQUEST.code());
    }

    private static ByteBuffer stamped(Compression compression, long... timestamps) {
        var builder = new RecordBatchBuilder(1 << 16).compression(compression);
        for (var timestamp : timestamps) {
            builder.append(timestamp, null, bytes("value"));
        }
        return builder.build();
    }

    private void append(ByteBuffer records) {
        client.call(produce(topic, 0, ALL, records), 9, ProduceResponse.class);
    }

    private void deleteBelow(long offset) {
        var partition = topic.partitions().get(0);
        BrokerFixture.get(broker.shards().hostOf(partition).advanceStart(partition, offset));
    }

    private String find(long timestamp) {
        return text(ask(11, timestamp));
    }

    private ListOffsetsResponse.Partition ask(int version, long timestamp) {
        return only(client.call(listOffsets(topic, timestamp).build(), version, ListOffsetsResponse.class));
    }

    private ListOffsetsResponse.Partition askAt(int leaderEpoch) {
        var partition =
                partition(0, LATEST).toBuilder().currentLeaderEpoch(leaderEpoch).build();
        var request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(Stream.of(ListOffsetsRequest.Topic.builder()
                                .name("orders")
                                .partitions(List.of(partition))
                                .build())
                        .toList());
        return only(client.call(request.build(), 11, ListOffsetsResponse.class));
    }

    private static ListOffsetsRequest.Partition partition(int index, long timestamp) {
        return ListOffsetsRequest.Partition.builder()
                .partitionIndex(index)
                .timestamp(timestamp)
                .build();
    }

    private static ListOffsetsResponse.Partition only(ListOffsetsResponse answer) {
        return answer.topics().get(0).partitions().get(0);
    }

    private static String text(ListOffsetsResponse.Partition found) {
        assertThat(error(found)).isEqualTo(ErrorCode.NONE);
        return found.offset() + "@" + found.timestamp();
    }

    private static ErrorCode error(ListOffsetsResponse.Partition found) {
        return ErrorCode.forCode(found.errorCode()).orElseThrow();
    }
}
