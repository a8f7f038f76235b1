package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.batches;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.only;
import static io.thalweg.broker.request.Requests.produce;
import static io.thalweg.broker.request.Requests.values;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TestTopics;
import io.thalweg.broker.request.BrokerFixture.Options;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FetchHandlerTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final TestClient producer = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18})
    void everyVersionReads(int version) {
        var topic = broker.createTopic("orders", 2);
        append(topic, 1, batch("a", "b"));
        append(topic, 1, batch("c"));

        var answer = ask(fetch(fetchTopic(topic, fetchPartition(1, 0))), version);

        assertThat(answer.errorCode()).isZero();
        assertThat(only(answer).errorCode()).isZero();
        assertThat(only(answer).partitionIndex()).isEqualTo(1);
        assertThat(only(answer).highWatermark()).isEqualTo(3);
        assertThat(only(answer).lastStableOffset()).isEqualTo(3);
        assertThat(values(only(answer))).containsExactly("a", "b", "c");
        assertThat(answer.responses().get(0).topic()).isEqualTo(version < 13 ? "orders" : "");
        assertThat(answer.responses().get(0).topicId()).isEqualTo(version < 13 ? Message.ZERO_UUID : topic.id());
    }

    @Test
    void anOffsetInsideABatchGivesTheWholeBatch() {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("a", "b", "c"));
        append(topic, 0, batch("d"));

        var answer = only(ask(fetch(fetchTopic(topic, fetchPartition(0, 2))), 12));

        assertThat(batches(answer)).extracting(RecordBatch::baseOffset).containsExactly(0L, 3L);
    }

    @Test
    void theFirstBatchComesHoweverLargeItIs() {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("x".repeat(1_000)));
        append(topic, 0, batch("y"));

        var answer = only(ask(fetch(fetchTopic(topic, fetchPartition(0, 0, 1))).maxBytes(1), 12));

        assertThat(batches(answer)).hasSize(1);
    }

    @Test
    void onlyTheFirstPartitionWithBatchesMayExceedItsLimit() {
        var topic = broker.createTopic("orders", 3);
        append(topic, 1, batch("x".repeat(1_000)));
        append(topic, 2, batch("y".repeat(1_000)));
        var request =
                fetch(fetchTopic(topic, fetchPartition(0, 0, 10), fetchPartition(1, 0, 10), fetchPartition(2, 0, 10)));

        var partitions = ask(request, 12).responses().get(0).partitions();

        assertThat(partitions).extracting(each -> batches(each).size()).containsExactly(0, 1, 0);
        assertThat(partitions)
                .extracting(FetchResponse.Partition::highWatermark)
                .containsExactly(0L, 1L, 1L);
    }

    @Test
    void anAnswerEndsBeforeTheBatchThatIsTooMuch() {
        var topic = broker.createTopic("orders", 2);
        var size = batch("x".repeat(1_000)).remaining();
        append(topic, 0, batch("x".repeat(1_000)));
        append(topic, 0, batch("x".repeat(1_000)));
        append(topic, 1, batch("x".repeat(1_000)));
        append(topic, 1, batch("x".repeat(1_000)));
        var request = fetch(fetchTopic(topic, fetchPartition(0, 0), fetchPartition(1, 0)));

        var partitions =
                ask(request.maxBytes(3 * size + 10), 12).responses().get(0).partitions();

        assertThat(partitions).extracting(each -> batches(each).size()).containsExactly(2, 1);
    }

    /** Compaction has left nothing up to where an answer can tell of all that was aborted. */
    @Test
    void readerOfWhatIsCommittedGetsPastMoreAbortedTransactionsThanOneAnswerTellsOf() {
        var topic = broker.createTopic("orders", 1);
        var slow = 7L;
        var abortedCount = 1_001;
        broker.giveUp(topic, 0);
        try (var log =
                BrokerFixture.get(broker.engine().open(topic.partitions().get(0).id(), LogConfig.DEFAULT))) {
            appendAt(log, 0, batch("a"));
            appendAt(log, 10, transactional(slow));
            for (var producer = 0; producer < abortedCount; producer++) {
                appendAt(log, 11 + 2L * producer, transactional(100 + producer));
                appendAt(log, 12 + 2L * producer, endOf(100 + producer, false));
            }
            appendAt(log, log.offsets().end(), endOf(slow, true));
        }
        broker.leadAgain(topic);

        var answer = only(ask(fetch(fetchTopic(topic, fetchPartition(0, 1))).isolationLevel((byte) 1), 12));

        assertThat(batches(answer)).hasSize(2 + 2 * abortedCount);
        assertThat(answer.abortedTransactions()).hasSize(abortedCount);
    }

    private static ByteBuffer transactional(long producerId) {
        var builder = new RecordBatchBuilder(1 << 10)
                .producer(producerId, (short) 0, 0)
                .transactional();
        builder.append(TestClock.START_MILLIS, null, ByteBuffer.allocate(1));
        return builder.build();
    }

    private static ByteBuffer endOf(long producerId, boolean isCommitted) {
        return new EndTransactionMarker(isCommitted, 1).toBatch(TestClock.START_MILLIS, producerId, (short) 0);
    }

    private static void appendAt(PartitionLog log, long offset, ByteBuffer bytes) {
        var batch = RecordBatch.at(bytes, bytes.position());
        batch.assignOffsets(offset);
        batch.assignLeaderEpoch(1);
        log.append(List.of(new Batch(bytes, offset, batch.lastOffset(), 1, batch.maxTimestamp())));
    }

    /** The second log is closed under the reader's feet: who reads it hears of that. */
    @Test
    void onceAnAnswerIsFullNoFurtherLogIsRead() {
        var topic = broker.createTopic("orders", 2);
        append(topic, 0, batch("a"));
        append(topic, 1, batch("b"));
        requireNonNull(topic.partitions().get(1).log()).close();
        var request = fetch(fetchTopic(topic, fetchPartition(0, 0), fetchPartition(1, 0)))
                .maxBytes(batch("a").remaining());

        var partitions = ask(request, 12).responses().get(0).partitions();

        assertThat(partitions).extracting(FetchHandlerTest::error).containsOnly(ErrorCode.NONE);
        assertThat(partitions).extracting(each -> batches(each).size()).containsExactly(1, 0);
        assertThat(partitions.get(1).highWatermark()).isEqualTo(1);
    }

    @Test
    void theBrokersOwnLimitCountsToo() {
        try (var small = new BrokerFixture(Options.DEFAULT.withFetchMaxBytes(1_500))) {
            var topic = small.createTopic("orders", 1);
            var reader = small.client();
            for (var i = 0; i < 3; i++) {
                reader.call(produce(topic, 0, ALL, batch("x".repeat(1_000))), 9, ProduceResponse.class);
            }

            var answer =
                    reader.call(fetch(fetchTopic(topic, fetchPartition(0, 0))).build(), 12, FetchResponse.class);

            assertThat(batches(only(answer))).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE})
    void limitsBelow1StillGiveTheFirstBatch(int limit) {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("a"));

        var answer = ask(fetch(fetchTopic(topic, fetchPartition(0, 0, limit))).maxBytes(limit), 12);

        assertThat(values(only(answer))).containsExactly("a");
    }

    @Test
    void aFetchWaitsForItsMinimum() {
        var topic = broker.createTopic("orders", 1);
        var one = batch("a").remaining();
        var answer = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(60_000)
                        .minBytes(2 * one)
                        .build(),
                12);

        append(topic, 0, batch("a"));
        await().until(() -> topic.partitions().get(0).highWatermark() == 1);
        assertThat(answer).isNotDone();
        append(topic, 0, batch("b"));

        assertThat(values(only((FetchResponse) TestClient.get(answer)))).containsExactly("a", "b");
    }

    @Test
    void aMinimumAboveTheMaximumCountsAsTheMaximum() {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("x".repeat(1_000)));

        var answer = ask(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .minBytes(Integer.MAX_VALUE)
                        .maxBytes(500),
                12);

        assertThat(batches(only(answer))).hasSize(1);
    }

    @Test
    void aFetchGivesUpWaitingInTime() {
        var topic = broker.createTopic("orders", 1);

        var answer = ask(
                fetch(fetchTopic(topic, fetchPartition(0, 0))).maxWaitMillis(5).minBytes(1), 12);

        assertThat(only(answer).errorCode()).isZero();
        assertThat(only(answer).highWatermark()).isZero();
        assertThat(batches(only(answer))).isEmpty();
    }

    @Test
    void aFetchOfNothingIsAnsweredAtOnce() {
        var answer = ask(fetch().maxWaitMillis(Integer.MAX_VALUE), 12);

        assertThat(answer.responses()).isEmpty();
    }

    @Test
    void whatIsNotCommittedIsNotRead() {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("committed"));
        broker.engine().holdCommits();
        var produced = producer.send(produce(topic, 0, ALL, batch("held")), 9);
        await().until(() -> topic.partitions().get(0).logEndOffset() == 2);

        assertThat(values(only(ask(fetch(fetchTopic(topic, fetchPartition(0, 0))), 12))))
                .containsExactly("committed");
        var atEnd = only(ask(fetch(fetchTopic(topic, fetchPartition(0, 2))), 12));

        assertThat(atEnd.errorCode()).isZero();
        assertThat(batches(atEnd)).isEmpty();
        broker.engine().releaseCommits();
        TestClient.get(produced);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Long.MAX_VALUE, Long.MIN_VALUE})
    void anOffsetOutsideTheLogIsOutOfRange(long offset) {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("a", "b"));

        var answer = only(ask(fetch(fetchTopic(topic, fetchPartition(0, offset))), 12));

        assertThat(error(answer)).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(answer.highWatermark()).isEqualTo(-1);
    }

    @Test
    void anUnknownPartitionIsSaidToBeOne() {
        var topic = broker.createTopic("orders", 1);
        var stranger = new HostedTopic("strange", FakeCluster.id(99), topic.partitions(), topic.settings());

        assertThat(error(only(ask(fetch(fetchTopic(topic, fetchPartition(4, 0))), 12))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(only(ask(fetch(fetchTopic(topic, fetchPartition(4, 0))), 13))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(only(ask(fetch(fetchTopic(stranger, fetchPartition(0, 0))), 12))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(only(ask(fetch(fetchTopic(stranger, fetchPartition(0, 0))), 13))))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void anErrorIsToldWithoutWaiting() {
        var topic = broker.createTopic("orders", 1);

        var answer = ask(
                fetch(fetchTopic(topic, fetchPartition(0, 0), fetchPartition(9, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE),
                12);

        assertThat(answer.responses().get(0).partitions()).hasSize(2);
    }

    @Test
    void leaderEpochsFenceReaders() {
        var topic = broker.createTopic("orders", 1);
        var current = broker.leaderEpoch();

        assertThat(error(only(ask(withEpoch(topic, current), 12)))).isEqualTo(ErrorCode.NONE);
        assertThat(error(only(ask(withEpoch(topic, current - 1), 12)))).isEqualTo(ErrorCode.FENCED_LEADER_EPOCH);
        assertThat(error(only(ask(withEpoch(topic, current + 1), 12)))).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH);
    }

    private static FetchRequest.Builder withEpoch(HostedTopic topic, int epoch) {
        return fetch(fetchTopic(
                topic,
                fetchPartition(0, 0).toBuilder().currentLeaderEpoch(epoch).build()));
    }

    @Test
    void whoAsksTheWrongBrokerHearsWhoLeadsFromVersion16On() {
        broker.cluster.register(2, "elsewhere", 9093, FakeCluster.LISTENER, false);
        var topic = broker.createTopic("orders", 1);
        broker.giveUp(topic, 0);
        broker.cluster.createTopic("orders", topic.id(), 2);

        var answer = ask(fetch(fetchTopic(topic, fetchPartition(0, 0))), 16);
        var older = ask(fetch(fetchTopic(topic, fetchPartition(0, 0))), 15);

        assertThat(error(only(answer))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(only(answer).currentLeader().leaderId()).isEqualTo(2);
        assertThat(answer.nodeEndpoints())
                .containsExactly(new FetchResponse.NodeEndpoint(2, "elsewhere", 9093, "rack-2"));
        assertThat(only(older).currentLeader().leaderId()).isEqualTo(-1);
    }

    @Test
    void aReaderWhoseLogPartsHearsWhere() {
        var topic = broker.createTopic("orders", 1);
        var firstEpoch = broker.leaderEpoch();
        append(topic, 0, batch("a", "b"));
        broker.leadAgain(topic);
        append(topic, 0, batch("c"));

        var diverging = only(ask(fetch(fetchTopic(topic, lastFetched(3, firstEpoch))), 12));
        var agreeing = only(ask(fetch(fetchTopic(topic, lastFetched(2, firstEpoch))), 12));

        assertThat(diverging.divergingEpoch()).isEqualTo(new FetchResponse.DivergingEpoch(firstEpoch, 2));
        assertThat(batches(diverging)).isEmpty();
        assertThat(agreeing.divergingEpoch().endOffset()).isEqualTo(-1);
        assertThat(values(agreeing)).containsExactly("c");
    }

    private static FetchRequest.Partition lastFetched(long offset, int epoch) {
        return fetchPartition(0, offset).toBuilder().lastFetchedEpoch(epoch).build();
    }

    @Test
    void aWaitingFetchHearsThatLeadershipHasGone() {
        var topic = broker.createTopic("orders", 1);
        var answer = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .build(),
                12);

        broker.giveUp(topic, 0);

        assertThat(error(only((FetchResponse) TestClient.get(answer)))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @Test
    void aWaitingFetchHearsThatItsTopicWasDeleted() {
        var topic = broker.createTopic("orders", 1);
        var answer = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .build(),
                13);

        TestTopics.remove(broker.topics, topic);
        broker.giveUp(topic, 0);

        assertThat(error(only((FetchResponse) TestClient.get(answer)))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void aTopicThatGoesWhileAnotherIsReadIsNotWaitedFor() {
        broker.engine().gateReads();
        var gone = broker.createTopic("gone", 1);
        var kept = broker.createTopic("kept", 1);
        append(kept, 0, batch("too little"));
        broker.engine().holdReads();
        var answer = client.send(
                fetch(fetchTopic(gone, fetchPartition(0, 0)), fetchTopic(kept, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .minBytes(1 << 19)
                        .build(),
                12);
        await().until(() -> broker.engine().heldReadCount() == 1);

        TestTopics.remove(broker.topics, gone);
        broker.engine().releaseReads();

        var topics = ((FetchResponse) TestClient.get(answer)).responses();
        assertThat(topics.get(0).topic()).isEqualTo("gone");
        assertThat(error(topics.get(0).partitions().get(0))).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void aWaitingFetchHearsThatItsRecordsWereDeleted() {
        var topic = broker.createTopic("orders", 1);
        append(topic, 0, batch("a", "b"));
        var answer = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .minBytes(1 << 19)
                        .build(),
                12);

        var partition = topic.partitions().get(0);
        BrokerFixture.get(broker.shards().hostOf(partition).advanceStart(partition, 1));
        BrokerFixture.get(broker.shards().hostOf(partition).advanceStart(partition, 2));

        assertThat(error(only((FetchResponse) TestClient.get(answer)))).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void olderReadersAreKeptFromZstd() {
        var topic = broker.createTopic("orders", 1, Map.of("compression.type", "zstd"));

        assertThat(error(only(ask(fetch(fetchTopic(topic, fetchPartition(0, 0))), 9))))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(error(only(ask(fetch(fetchTopic(topic, fetchPartition(0, 0))), 10))))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void manyReadersWaitAtOnceAndAllAreWoken() {
        var topic = broker.createTopic("orders", 2);
        var readers = Stream.generate(broker::client).limit(50).toList();
        var answers = readers.stream()
                .map(reader -> reader.send(
                        fetch(fetchTopic(topic, fetchPartition(0, 0), fetchPartition(1, 0)))
                                .maxWaitMillis(60_000)
                                .build(),
                        12))
                .toList();

        append(topic, 1, batch("wakes all"));

        for (var answer : answers) {
            var partitions =
                    ((FetchResponse) TestClient.get(answer)).responses().get(0).partitions();
            assertThat(values(partitions.get(1))).containsExactly("wakes all");
        }
    }

    private FetchResponse ask(FetchRequest.Builder request, int version) {
        return client.call(request.build(), version, FetchResponse.class);
    }

    private void append(HostedTopic topic, int partition, ByteBuffer records) {
        var answer = producer.call(produce(topic, partition, ALL, records), 9, ProduceResponse.class);
        assertThat(Requests.only(answer).errorCode()).isZero();
    }

    private static ErrorCode error(FetchResponse.Partition partition) {
        return ErrorCode.forCode(partition.errorCode()).orElseThrow();
    }
}
