package io.thalweg.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.api.Acks;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.InitProducerIdResponse;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.ProduceRequest;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.Murmur2;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchProducerTest {

    private static final BatchConfig SMALL_BATCHES = BatchConfig.DEFAULT.withBatching(200, Duration.ofMillis(1));

    private final ScriptedBroker broker = ScriptedBroker.open(4);
    private final Client client = broker.connect();
    private final List<Outcome> outcomes = Collections.synchronizedList(new ArrayList<>());

    private record Outcome(String value, long offset, ErrorCode code) {}

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private void send(BatchProducer producer, String key, String value) {
        producer.send(
                OutboundRecord.of(ScriptedBroker.TOPIC, bytes(key), bytes(value)),
                (partition, offset, failure) ->
                        outcomes.add(new Outcome(value, offset, failure == null ? ErrorCode.NONE : failure.code())));
    }

    private List<RecordBatch> batchesSeen() {
        var batches = new ArrayList<RecordBatch>();
        for (var each : broker.seen(ApiKey.PRODUCE)) {
            for (var topic : ((ProduceRequest) each.message()).topicData()) {
                for (var partition : topic.partitionData()) {
                    RecordBatches.in(((BufferRecords) requireNonNull(partition.records())).bytes())
                            .forEach(batches::add);
                }
            }
        }
        return batches;
    }

    @Test
    void keyChoosesThePartitionAndTheDeliveryTellsTheOffset() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 40));
        TopicPartition partition;

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            partition = producer.send(
                    OutboundRecord.of(ScriptedBroker.TOPIC, bytes("DFW"), bytes("one")), Delivery.IGNORED);
            send(producer, "DFW", "two");
        }

        assertThat(partition.partition()).isEqualTo(Murmur2.partition(bytes("DFW"), 4));
        assertThat(outcomes).containsExactly(new Outcome("two", 41, ErrorCode.NONE));
        assertThat(batchesSeen()).hasSize(1).first().satisfies(batch -> {
            assertThat(batch.recordsCount()).isEqualTo(2);
            assertThat(batch.producerId()).isEqualTo(ScriptedBroker.FIRST_PRODUCER_ID);
            assertThat(batch.crcIsValid()).isTrue();
        });
    }

    @Test
    void sequenceAndOrderSurviveAPassingError() {
        var requests = new AtomicInteger();
        broker.on(ApiKey.PRODUCE, (version, request) -> {
            var code = requests.incrementAndGet() == 2 ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE;
            return ScriptedBroker.produced((ProduceRequest) request, code, requests.get());
        });

        try (var producer = client.producer(SMALL_BATCHES)) {
            for (int i = 0; i < 200; i++) {
                send(producer, "ORD", "value-" + i);
            }
        }

        assertThat(outcomes).hasSize(200).allMatch(outcome -> outcome.code() == ErrorCode.NONE);
        var sequences =
                batchesSeen().stream().map(RecordBatch::baseSequence).distinct().toList();
        assertThat(sequences).isSorted().hasSizeGreaterThan(3);
        assertThat(batchesSeen()).hasSize(sequences.size() + 1);
    }

    /** Metadata are silent by then, so that nothing else tells. */
    @Test
    void whoeverIsNamedAsTheLeaderIsSentTo() throws Exception {
        var reached = broker.otherIsReached();
        broker.on(ApiKey.PRODUCE, (version, request) -> {
            broker.on(ApiKey.METADATA, (any, asked) -> ScriptedBroker.NO_ANSWER);
            return ledByTheOther(
                    ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NOT_LEADER_OR_FOLLOWER, -1));
        });
        var producer = client.producer(SMALL_BATCHES);

        send(producer, "ATL", "moved");

        assertThat(reached.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private static ProduceResponse ledByTheOther(ProduceResponse answer) {
        var topic = answer.responses().get(0);
        var partitions = topic.partitionResponses().stream()
                .map(each -> each.toBuilder()
                        .currentLeader(new ProduceResponse.CurrentLeader(2, 9))
                        .build())
                .toList();
        return answer.toBuilder()
                .responses(List.of(new ProduceResponse.Topic(topic.name(), topic.topicId(), partitions)))
                .nodeEndpoints(List.of(new ProduceResponse.NodeEndpoint(
                        2, ScriptedBroker.OTHER.host(), ScriptedBroker.OTHER.port(), null)))
                .build();
    }

    @Test
    void lostConnectionSendsTheSameBatchAgain() {
        var requests = new AtomicInteger();
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> requests.incrementAndGet() == 1
                        ? null
                        : ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            send(producer, "ATL", "once");
        }

        assertThat(outcomes).containsExactly(new Outcome("once", 0, ErrorCode.NONE));
        assertThat(batchesSeen()).extracting(RecordBatch::baseSequence).containsExactly(0, 0);
    }

    @Test
    void duplicateCountsAsWritten() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) ->
                        ScriptedBroker.produced((ProduceRequest) request, ErrorCode.DUPLICATE_SEQUENCE_NUMBER, -1));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            send(producer, "ATL", "again");
        }

        assertThat(outcomes).containsExactly(new Outcome("again", -1, ErrorCode.NONE));
    }

    @Test
    void refusedBatchTellsTheReasonAndTheNextOneHasANewSequence() throws Exception {
        var requests = new AtomicInteger();
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced(
                        (ProduceRequest) request,
                        requests.incrementAndGet() == 1 ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.NONE,
                        5));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            send(producer, "ATL", "large");
            producer.flush().toCompletableFuture().get();
            send(producer, "ATL", "small");
        }

        assertThat(outcomes)
                .containsExactly(
                        new Outcome("large", -1, ErrorCode.MESSAGE_TOO_LARGE), new Outcome("small", 5, ErrorCode.NONE));
        assertThat(batchesSeen()).extracting(RecordBatch::baseSequence).containsExactly(0, 0);
        assertThat(batchesSeen())
                .as("what may be on its way still is fenced")
                .extracting(RecordBatch::producerEpoch)
                .containsExactly((short) 0, (short) 1);
        assertThat(broker.seen(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    void refusedProducerIdIsToldAndNotAskedForAgainAtOnce() {
        broker.on(
                ApiKey.INIT_PRODUCER_ID,
                (version, request) -> InitProducerIdResponse.builder()
                        .errorCode(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code())
                        .build());
        var config = BatchConfig.DEFAULT.withTimeouts(Duration.ofSeconds(10), Duration.ofSeconds(10));

        try (var producer = client.producer(config)) {
            send(producer, "ATL", "denied");
        }

        assertThat(outcomes).containsExactly(new Outcome("denied", -1, ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
        assertThat(broker.seen(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    void refusedBatchHoldsUpNoOtherPartition() throws Exception {
        var isStuck = new AtomicBoolean(true);
        var isRefused = new AtomicBoolean(true);
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced(
                        (ProduceRequest) request,
                        partition -> partition == 0
                                ? isStuck.get() ? ErrorCode.NOT_LEADER_OR_FOLLOWER : ErrorCode.NONE
                                : isRefused.getAndSet(false) ? ErrorCode.MESSAGE_TOO_LARGE : ErrorCode.NONE,
                        7));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            var stuck = sendTo(producer, 0);
            assertThat(sendTo(producer, 1).get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
            assertThat(sendTo(producer, 1).get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.NONE);
            assertThat(stuck).isNotDone();
            isStuck.set(false);

            assertThat(stuck.get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.NONE);
            assertThat(sendTo(producer, 0).get(10, TimeUnit.SECONDS)).isEqualTo(ErrorCode.NONE);
        }

        assertThat(broker.seen(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    private CompletableFuture<ErrorCode> sendTo(BatchProducer producer, int partition) {
        var told = new CompletableFuture<ErrorCode>();
        var record = new OutboundRecord(
                ScriptedBroker.TOPIC, OptionalInt.of(partition), null, bytes("value"), List.of(), OptionalLong.empty());
        producer.send(
                record, (to, offset, failure) -> told.complete(failure == null ? ErrorCode.NONE : failure.code()));
        return told;
    }

    @Test
    void deliveryTimeoutHoldsAlsoWhileABrokerIsSilent() throws Exception {
        broker.on(ApiKey.PRODUCE, (version, request) -> ScriptedBroker.NO_ANSWER);
        var config = BatchConfig.DEFAULT.withTimeouts(Duration.ofSeconds(10), Duration.ofMillis(200));

        try (var producer = client.producer(config)) {
            // The connection is given up after 30 seconds of silence.
            assertThat(sendTo(producer, 0).get(15, TimeUnit.SECONDS)).isEqualTo(ErrorCode.REQUEST_TIMED_OUT);
        }
    }

    @Test
    void recordsAreAsLargeAsTheApplicationAllows() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));
        var large = OutboundRecord.of(ScriptedBroker.TOPIC, null, ByteBuffer.allocate(2 << 20));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            assertThatThrownBy(() -> producer.send(large, Delivery.IGNORED))
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("expected at most 1048576");
        }
        try (var producer = client.producer(BatchConfig.DEFAULT.withMaxRequestBytes(4 << 20))) {
            producer.send(large, Delivery.IGNORED);
        }

        assertThat(batchesSeen())
                .singleElement()
                .satisfies(batch -> assertThat(batch.sizeInBytes()).isGreaterThan(2 << 20));
    }

    @Test
    void batchThatIsTooLargeIsSplit() {
        var nextOffset = new AtomicInteger();
        broker.on(ApiKey.PRODUCE, (version, request) -> {
            var seen = batchesSeen();
            var count = seen.get(seen.size() - 1).recordsCount();
            return count > 3
                    ? ScriptedBroker.produced((ProduceRequest) request, ErrorCode.MESSAGE_TOO_LARGE, -1)
                    : ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, nextOffset.getAndAdd(count));
        });
        var expected = new ArrayList<Outcome>();

        try (var producer = client.producer(BatchConfig.DEFAULT.withBatching(10_000, Duration.ofSeconds(10)))) {
            for (int i = 0; i < 10; i++) {
                send(producer, "ATL", "value-" + i);
                expected.add(new Outcome("value-" + i, i, ErrorCode.NONE));
            }
        }

        assertThat(outcomes).containsExactlyElementsOf(expected);
        assertThat(batchesSeen().stream()
                        .filter(batch -> batch.recordsCount() <= 3)
                        .map(RecordBatch::baseSequence))
                .containsExactly(0, 2, 5, 7);
        assertThat(broker.seen(ApiKey.INIT_PRODUCER_ID)).hasSize(1);
    }

    @Test
    void recordsWithoutAKeyLeaveOutPartitionsWithoutALeader() {
        broker.on(ApiKey.METADATA, (version, request) -> withoutLeaderOfPartition0(broker.metadata(2)));
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));
        var partitions = new ArrayList<Integer>();

        try (var producer = client.producer(SMALL_BATCHES)) {
            for (int i = 0; i < 40; i++) {
                partitions.add(producer.send(
                                OutboundRecord.of(ScriptedBroker.TOPIC, null, bytes("value-" + i)), Delivery.IGNORED)
                        .partition());
            }
        }

        assertThat(partitions).containsOnly(1);
    }

    private static MetadataResponse withoutLeaderOfPartition0(MetadataResponse metadata) {
        var topic = metadata.topics().get(0);
        var leaderless = new MetadataResponse.Partition(
                ErrorCode.LEADER_NOT_AVAILABLE.code(), 0, -1, 3, List.of(1), List.of(1), List.of());
        return metadata.toBuilder()
                .topics(List.of(new MetadataResponse.Topic(
                        (short) 0,
                        topic.name(),
                        topic.topicId(),
                        false,
                        List.of(leaderless, topic.partitions().get(1)),
                        Integer.MIN_VALUE)))
                .build();
    }

    @Test
    void sendingWaitsForMemoryNoLongerThanAllowed() {
        broker.on(ApiKey.PRODUCE, (version, request) -> null);
        var config =
                BatchConfig.DEFAULT.withBufferBytes(500).withTimeouts(Duration.ofMillis(300), Duration.ofMillis(600));

        try (var producer = client.producer(config)) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 50; i++) {
                            send(producer, "ATL", "value-" + i);
                        }
                    })
                    .isInstanceOf(ClientException.class)
                    .hasMessageContaining("no memory for another record within 300 ms");
        }

        assertThat(outcomes).isNotEmpty().allMatch(outcome -> outcome.code() == ErrorCode.REQUEST_TIMED_OUT);
    }

    @Test
    void withoutAcknowledgementRecordsAreDoneOnceHandedOver() {
        broker.on(ApiKey.PRODUCE, (version, request) -> ScriptedBroker.NO_ANSWER);

        try (var producer = client.producer(BatchConfig.DEFAULT.withAcks(Acks.NONE))) {
            send(producer, "ATL", "forgotten");
        }

        assertThat(outcomes).containsExactly(new Outcome("forgotten", -1, ErrorCode.NONE));
        assertThat(broker.seen(ApiKey.INIT_PRODUCER_ID)).isEmpty();
    }

    @Test
    void brokerWithoutTopicIdsIsWrittenToByName() {
        broker.offerUpTo(ApiKey.PRODUCE, 9);
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));

        try (var producer = client.producer(BatchConfig.DEFAULT)) {
            send(producer, "ATL", "by name");
        }

        var request = broker.seen(ApiKey.PRODUCE).get(0);
        assertThat(request.version()).isEqualTo((short) 9);
        assertThat(((ProduceRequest) request.message()).topicData().get(0).name())
                .isEqualTo(ScriptedBroker.TOPIC);
    }

    @Test
    void recordsWithoutAKeyTakeTurnsByBatch() {
        broker.on(
                ApiKey.PRODUCE,
                (version, request) -> ScriptedBroker.produced((ProduceRequest) request, ErrorCode.NONE, 0));
        var partitions = new ArrayList<Integer>();

        try (var producer = client.producer(SMALL_BATCHES.withBatching(200, Duration.ofSeconds(10)))) {
            for (int i = 0; i < 60; i++) {
                partitions.add(producer.send(
                                OutboundRecord.of(ScriptedBroker.TOPIC, null, bytes("value-" + i)), Delivery.IGNORED)
                        .partition());
            }
        }

        assertThat(partitions).contains(0, 1, 2, 3);
        assertThat(batchesSeen()).allMatch(batch -> batch.recordsCount() > 3 || batch.sizeInBytes() < 200);
    }
}
