package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.bytes;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.only;
import static io.thalweg.broker.request.Requests.produce;
import static io.thalweg.broker.request.Requests.records;
import static io.thalweg.broker.request.Requests.sequenced;
import static io.thalweg.broker.request.Requests.topicData;
import static io.thalweg.broker.request.Requests.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.request.BrokerFixture.Options;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProduceHandlerTest {

    private static final short LEADER = 1;
    private static final short NONE = 0;

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13})
    void everyVersionAppendsAndTellsTheOffset(int version) {
        var topic = broker.createTopic("orders", 1);
        send(topic, batch("before"));

        var answer = only(client.call(produce(topic, 0, ALL, batch("a", "b")), version, ProduceResponse.class));

        assertThat(answer.errorCode()).isZero();
        assertThat(answer.baseOffset()).isEqualTo(1);
        assertThat(answer.logAppendTimeMillis()).isEqualTo(-1);
        assertThat(read(topic)).containsExactly("before", "a", "b");
    }

    @ParameterizedTest
    @ValueSource(shorts = {LEADER, ALL})
    void theAnswerWaitsUntilTheBatchIsDurable(short acks) {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();

        var answer = client.send(produce(topic, 0, acks, batch("held")), 9);

        await().until(() -> broker.engine().heldCount() == 1);
        assertThat(answer).isNotDone();
        assertThat(topic.partitions().get(0).highWatermark()).isZero();
        broker.engine().releaseCommits();
        assertThat(only((ProduceResponse) TestClient.get(answer)).errorCode()).isZero();
    }

    @Test
    void acks0IsNotAnsweredAndTheNextRequestIs() {
        var topic = broker.createTopic("orders", 1);

        client.sendUnanswered(produce(topic, 0, NONE, batch("silent")), 9);
        var next = send(topic, batch("loud"));

        assertThat(next.baseOffset()).isEqualTo(1);
        assertThat(read(topic)).containsExactly("silent", "loud");
    }

    @Test
    void acks0ThatIsRefusedAtOnceClosesTheConnection() {
        var topic = broker.createTopic("orders", 1);

        client.sendUnanswered(produce(topic, 7, NONE, batch("nowhere")), 9);

        client.awaitClosed();
        assertThat(read(topic)).isEmpty();
    }

    @Test
    void acks0ThatTheShardRefusesClosesTheConnection() {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 0, 0, "first"));

        client.sendUnanswered(produce(topic, 0, NONE, sequenced(7, 0, 5, "gap")), 9);

        client.awaitClosed();
        assertThat(read(topic)).containsExactly("first");
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 13})
    void ofAProducersFirstBatchesNoneIsTakenBeforeOneThatWasRefusedBecauseTheTopicWasNotKnownYet(int version) {
        var topic = broker.topicToCome("orders", 1, Map.of());
        var first = sequenced(7, 0, 0, "first");
        var second = sequenced(7, 0, 1, "second");
        var unknown = version < 13 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.UNKNOWN_TOPIC_ID;
        assertThat(errorOf(topic, first, version)).isEqualTo(unknown.code());

        broker.comes(topic);

        assertThat(errorOf(topic, second, version)).isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
        assertThat(errorOf(topic, first, version)).isZero();
        assertThat(errorOf(topic, second, version)).isZero();
        assertThat(read(topic)).containsExactly("first", "second");
    }

    private short errorOf(HostedTopic topic, ByteBuffer batch, int version) {
        return only(client.call(produce(topic, 0, ALL, batch), version, ProduceResponse.class))
                .errorCode();
    }

    @Test
    void otherAcksAreRefused() {
        var topic = broker.createTopic("orders", 1);

        var answer = only(client.call(produce(topic, 0, (short) 2, batch("x")), 9, ProduceResponse.class));

        assertThat(answer.errorCode()).isEqualTo(ErrorCode.INVALID_REQUIRED_ACKS.code());
        assertThat(read(topic)).isEmpty();
    }

    @Test
    void nullAndEmptyKeysAndValuesStayWhatTheyAre() {
        var topic = broker.createTopic("orders", 1);
        var builder = new RecordBatchBuilder(1 << 16);
        builder.append(TestClock.START_MILLIS, null, bytes("value"));
        builder.append(TestClock.START_MILLIS, bytes(""), bytes(""));
        builder.append(TestClock.START_MILLIS, bytes("key"), null);

        send(topic, builder.build());

        var records = records(fetched(topic));
        assertThat(records).hasSize(3);
        assertThat(records.get(0).key()).isNull();
        assertThat(records.get(1).key()).isEqualTo(bytes(""));
        assertThat(records.get(1).value()).isEqualTo(bytes(""));
        assertThat(records.get(2).value()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Compression.class)
    void compressedBatchesStayAsTheyCame(Compression compression) {
        var topic = broker.createTopic("orders", 1);
        var sent = Requests.fill(
                new RecordBatchBuilder(1 << 16).compression(compression), TestClock.START_MILLIS, "a", "b", "c");

        send(topic, sent);

        var batch = Requests.batches(fetched(topic)).get(0);
        assertThat(batch.compression()).isEqualTo(compression);
        assertThat(batch.sizeInBytes()).isEqualTo(sent.remaining());
        assertThat(read(topic)).containsExactly("a", "b", "c");
    }

    @Test
    void everyPartitionOfARequestHasItsOwnResultInItsPlace() {
        var one = broker.createTopic("one", 3);
        var two = broker.createTopic("two", 2);
        var damaged = batch("damaged");
        damaged.put(damaged.limit() - 1, (byte) 9);
        var request = produce(
                ALL,
                topicData(one, 2, batch("a")),
                topicData(one, 9, batch("b")),
                topicData(two, 1, damaged),
                topicData(two, 0, batch("c")));

        var answer = client.call(request, 9, ProduceResponse.class);

        assertThat(answer.responses())
                .extracting(ProduceResponse.Topic::name)
                .containsExactly("one", "one", "two", "two");
        assertThat(answer.responses())
                .extracting(topic -> topic.partitionResponses().get(0).errorCode())
                .containsExactly(
                        (short) 0,
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                        ErrorCode.CORRUPT_MESSAGE.code(),
                        (short) 0);
    }

    @Test
    void anUnknownTopicIdIsSaidToBeOne() {
        var topic = broker.createTopic("orders", 1);
        var stranger = new HostedTopic("orders", FakeCluster.id(99), topic.partitions(), topic.settings());

        assertThat(error(client.call(produce(stranger, 0, ALL, batch("x")), 13, ProduceResponse.class)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(error(client.call(produce(topic, 5, ALL, batch("x")), 13, ProduceResponse.class)))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(error(client.call(produce(stranger, 0, ALL, batch("x")), 12, ProduceResponse.class)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void whoAsksTheWrongBrokerHearsWhoLeadsFromVersion10On() {
        broker.cluster.register(2, "elsewhere", 9093, FakeCluster.LISTENER, false);
        var topic = broker.createTopic("orders", 1);
        broker.giveUp(topic, 0);
        broker.cluster.createTopic("orders", topic.id(), 2);

        var answer = client.call(produce(topic, 0, ALL, batch("x")), 10, ProduceResponse.class);
        var older = client.call(produce(topic, 0, ALL, batch("x")), 9, ProduceResponse.class);

        assertThat(error(answer)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(only(answer).currentLeader().leaderId()).isEqualTo(2);
        assertThat(only(answer).currentLeader().leaderEpoch()).isZero();
        assertThat(answer.nodeEndpoints())
                .containsExactly(new ProduceResponse.NodeEndpoint(2, "elsewhere", 9093, "rack-2"));
        assertThat(error(older)).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
        assertThat(only(older).currentLeader().leaderId()).isEqualTo(-1);
    }

    @Test
    void acksAllNeedsEnoughReplicasInSync() {
        var topic = broker.createTopic("orders", 1, Map.of("min.insync.replicas", "2"));

        assertThat(error(client.call(produce(topic, 0, ALL, batch("x")), 9, ProduceResponse.class)))
                .isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS);
        assertThat(error(client.call(produce(topic, 0, LEADER, batch("x")), 9, ProduceResponse.class)))
                .isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aWaitThatTakesTooLongIsAnswered() {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();
        var request = produce(topic, 0, ALL, batch("held")).toBuilder()
                .timeoutMillis(1)
                .build();
        var answer = client.send(request, 9);

        await().atMost(20, TimeUnit.SECONDS).until(() -> {
            broker.shards().hosts().forEach(host -> host.expireWaits());
            return answer.isDone();
        });

        assertThat(error((ProduceResponse) TestClient.get(answer))).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        broker.engine().releaseCommits();
        await().until(() -> read(topic).equals(List.of("held")));
    }

    @Test
    void theBrokerStampsWhereTheTopicSaysSo() {
        var topic = broker.createTopic("orders", 1, Map.of("message.timestamp.type", "LogAppendTime"));
        broker.clock.set(1_800_000_000_000L);

        var answer = send(topic, Requests.batchAt(5, "a", "b"));

        assertThat(answer.logAppendTimeMillis()).isEqualTo(1_800_000_000_000L);
        assertThat(records(fetched(topic)))
                .extracting(record -> record.timestamp())
                .containsOnly(1_800_000_000_000L);
    }

    @Test
    void aDuplicateIsAnsweredWithTheOffsetItHas() {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 0, 0, "a", "b"));
        send(topic, sequenced(7, 0, 2, "c"));

        var again = send(topic, sequenced(7, 0, 0, "a", "b"));

        assertThat(again.errorCode()).isZero();
        assertThat(again.baseOffset()).isZero();
        assertThat(read(topic)).containsExactly("a", "b", "c");
    }

    @Test
    void aDuplicateInOnePipelineIsAppendedOnce() {
        var topic = broker.createTopic("orders", 1);
        var answers = new ArrayList<CompletableFuture<ResponseMessage>>();
        for (var i = 0; i < 50; i++) {
            answers.add(client.send(produce(topic, 0, ALL, sequenced(7, 0, i / 2, "value " + i / 2)), 9));
        }

        for (var i = 0; i < 50; i++) {
            assertThat(only((ProduceResponse) TestClient.get(answers.get(i))).baseOffset())
                    .isEqualTo(i / 2);
        }
        assertThat(read(topic)).hasSize(25).doesNotHaveDuplicates();
    }

    @Test
    void aGapInTheSequenceIsRefused() {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 0, 0, "a"));

        assertThat(send(topic, sequenced(7, 0, 2, "c")).errorCode())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
        assertThat(send(topic, sequenced(7, 0, 1, "b")).errorCode()).isZero();
    }

    @Test
    void anOlderProducerEpochIsFenced() {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 1, 0, "a"));

        assertThat(send(topic, sequenced(7, 0, 1, "old")).errorCode())
                .isEqualTo(ErrorCode.INVALID_PRODUCER_EPOCH.code());
    }

    @Test
    void aNewProducerEpochBeginsAt0() {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 0, 0, "a"));

        assertThat(send(topic, sequenced(7, 1, 1, "x")).errorCode())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
        assertThat(send(topic, sequenced(7, 1, 0, "b")).errorCode()).isZero();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sequencesAreRememberedOverARestart(boolean isOrderly) {
        var topic = broker.createTopic("orders", 1);
        send(topic, sequenced(7, 0, 0, "a", "b"));
        send(topic, sequenced(7, 0, 2, "c"));

        broker.restart(isOrderly, List.of(topic));

        var restarted = broker.client();
        assertThat(send(restarted, topic, sequenced(7, 0, 2, "c")).baseOffset()).isEqualTo(2);
        assertThat(send(restarted, topic, sequenced(7, 0, 9, "gap")).errorCode())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
        assertThat(send(restarted, topic, sequenced(7, 0, 3, "d")).baseOffset()).isEqualTo(3);
        assertThat(send(restarted, topic, sequenced(6, 3, 0, "other")).baseOffset())
                .isEqualTo(4);
    }

    @Test
    void aFullRingStopsTheReaderAndLosesNothing() {
        try (var small = new BrokerFixture(Options.DEFAULT.withRing(2))) {
            var topic = small.createTopic("orders", 3);
            var unblocked = new CompletableFuture<Void>();
            small.block(0, unblocked);
            var clients = List.of(small.client(), small.client(), small.client());
            var answers = new ArrayList<CompletableFuture<ResponseMessage>>();
            for (var i = 0; i < 60; i++) {
                for (var partition = 0; partition < 3; partition++) {
                    var value = batch(partition + " " + i);
                    answers.add(clients.get(partition).send(produce(topic, partition, ALL, value), 9));
                }
            }

            assertThat(answers).noneMatch(CompletableFuture::isDone);
            unblocked.complete(null);

            for (var i = 0; i < 180; i++) {
                var answer = only((ProduceResponse) TestClient.get(answers.get(i)));
                assertThat(answer.errorCode()).isZero();
                assertThat(answer.baseOffset()).isEqualTo(i / 3);
            }
        }
    }

    @Test
    void whatFindsTheRingFullWhenTheBrokerStopsIsDroppedAndGivenBack() {
        try (var small = new BrokerFixture(Options.DEFAULT.withRing(2))) {
            var topic = small.createTopic("orders", 1);
            var shard = small.shards().hosts().get(0).shard();
            var unblocked = new CompletableFuture<Void>();
            small.block(0, unblocked);
            var stopped = small.client();
            for (var i = 0; i < 4; i++) {
                stopped.sendOnly(produce(topic, 0, ALL, batch("value " + i)), 9);
            }
            await().until(() -> small.unansweredCount() >= 2);

            var stop = new Thread(shard::close, "stop");
            stop.start();
            await().until(shard::isClosing);
            unblocked.complete(null);

            stopped.awaitClosed();
            small.awaitNoOpenFrames();
            assertThat(stopped.isOpen()).isFalse();
        }
    }

    @Test
    void aFullStorageRefusesUntilThereIsRoom() {
        try (var tiny = new BrokerFixture(Options.DEFAULT.with("storage.memory.max.bytes", "300"))) {
            var topic = tiny.createTopic("orders", 1);
            var producer = tiny.client();
            assertThat(send(producer, topic, sequenced(7, 0, 0, "a".repeat(100)))
                            .errorCode())
                    .isZero();

            var full = send(producer, topic, sequenced(7, 0, 1, "b".repeat(150)));
            var smaller = send(producer, topic, sequenced(7, 0, 1, "c"));

            assertThat(full.errorCode()).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR.code());
            assertThat(smaller.errorCode()).isZero();
            assertThat(smaller.baseOffset()).isEqualTo(1);
        }
    }

    @Test
    void aBatchThatWaitsWhenItsPartitionIsGivenUpIsAnswered() {
        var topic = broker.createTopic("orders", 1);
        broker.engine().holdCommits();
        var answer = client.send(produce(topic, 0, ALL, batch("held")), 9);
        await().until(() -> broker.engine().heldCount() == 1);

        broker.giveUp(topic, 0);

        assertThat(error((ProduceResponse) TestClient.get(answer))).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"__consumer_offsets", "__transaction_state", "__share_group_state"})
    void onlyAdministratorsWriteToInternalTopics(String name) {
        var topic = broker.createTopic(name, 1);

        assertThat(send(topic, batch("a")).errorCode()).isEqualTo(ErrorCode.INVALID_TOPIC_EXCEPTION.code());
        assertThat(send(broker.client().named("__admin_client"), topic, batch("b"))
                        .errorCode())
                .isZero();
        assertThat(read(topic)).containsExactly("b");
    }

    @Test
    void aRequestForNothingIsAnsweredWithNothing() {
        var answer = client.call(produce(ALL), 9, ProduceResponse.class);

        assertThat(answer.responses()).isEmpty();
    }

    private ProduceResponse.Partition send(HostedTopic topic, ByteBuffer records) {
        return send(client, topic, records);
    }

    private static ProduceResponse.Partition send(TestClient producer, HostedTopic topic, ByteBuffer records) {
        ProduceRequest request = produce(topic, 0, ALL, records);
        return only(producer.call(request, 9, ProduceResponse.class));
    }

    private static ErrorCode error(ProduceResponse answer) {
        return ErrorCode.forCode(only(answer).errorCode()).orElseThrow();
    }

    private FetchResponse.Partition fetched(HostedTopic topic) {
        var request = fetch(fetchTopic(topic, fetchPartition(0, 0))).build();
        return only(broker.client().call(request, 12, FetchResponse.class));
    }

    private List<String> read(HostedTopic topic) {
        return values(fetched(topic));
    }
}
