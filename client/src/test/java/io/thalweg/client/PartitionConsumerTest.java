package io.thalweg.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.Isolation;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.record.CorruptRecordException;
import io.thalweg.protocol.record.EndTransactionMarker;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PartitionConsumerTest {

    private static final TopicPartition PARTITION = new TopicPartition(ScriptedBroker.TOPIC, 0);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int SESSION = 77;
    private static final int RECORDS_PER_BATCH = 5;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final Client client = broker.connect();

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    /** A log of so many records, in batches of five. */
    private void serveLog(long endOffset) {
        broker.on(ApiKey.LIST_OFFSETS, (version, request) -> offsets((ListOffsetsRequest) request, endOffset));
        broker.on(ApiKey.FETCH, (version, request) -> {
            var wanted = position((FetchRequest) request);
            if (wanted >= endOffset) {
                return answer(SESSION, ErrorCode.NONE, endOffset, NOTHING);
            }
            return answer(SESSION, ErrorCode.NONE, endOffset, batch(wanted / RECORDS_PER_BATCH * RECORDS_PER_BATCH));
        });
    }

    private long lastPosition;

    /** A request of a session names the partition only when its offset has changed. */
    private long position(FetchRequest request) {
        if (!request.topics().isEmpty()) {
            lastPosition = request.topics().get(0).partitions().get(0).fetchOffset();
        }
        return lastPosition;
    }

    private static ByteBuffer batch(long baseOffset) {
        var builder = new RecordBatchBuilder(10_000).baseOffset(baseOffset);
        for (int i = 0; i < RECORDS_PER_BATCH; i++) {
            var value = ("value-" + (baseOffset + i)).getBytes(StandardCharsets.UTF_8);
            builder.append(1_000 + baseOffset + i, null, ByteBuffer.wrap(value));
        }
        return builder.build();
    }

    private static FetchResponse answer(int session, ErrorCode code, long end, ByteBuffer records) {
        return answer(session, 0, code, end, records);
    }

    private static FetchResponse answer(int session, int index, ErrorCode code, long end, ByteBuffer records) {
        var partition = FetchResponse.Partition.builder()
                .partitionIndex(index)
                .errorCode(code.code())
                .highWatermark(end)
                .logStartOffset(0)
                .records(new BufferRecords(records))
                .build();
        return FetchResponse.builder()
                .sessionId(session)
                .responses(List.of(FetchResponse.Topic.builder()
                        .topicId(ScriptedBroker.TOPIC_ID)
                        .partitions(List.of(partition))
                        .build()))
                .build();
    }

    private static ListOffsetsResponse offsets(ListOffsetsRequest request, long endOffset) {
        var timestamp = request.topics().get(0).partitions().get(0).timestamp();
        var offset = timestamp == -2 ? 0 : timestamp == -1 ? endOffset : timestamp - 1_000;
        var partition = ListOffsetsResponse.Partition.builder()
                .partitionIndex(0)
                .offset(offset < endOffset || timestamp == -1 ? offset : -1)
                .build();
        return ListOffsetsResponse.builder()
                .topics(List.of(new ListOffsetsResponse.Topic(ScriptedBroker.TOPIC, List.of(partition))))
                .build();
    }

    private List<Long> read(StartPosition from, int count) throws Exception {
        var offsets = new ArrayList<Long>();
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, from)).toCompletableFuture().get();
            while (offsets.size() < count) {
                for (var record : consumer.poll(Duration.ofSeconds(5))) {
                    var value = new String(requireNonNull(record.value()), StandardCharsets.UTF_8);
                    assertThat(value).isEqualTo("value-" + record.offset());
                    offsets.add(record.offset());
                }
            }
            assertThat(consumer.position(PARTITION)).isEqualTo(offsets.get(offsets.size() - 1) + 1);
        }
        return offsets;
    }

    @Test
    void readsFromTheBeginningInOrder() throws Exception {
        serveLog(50);

        var offsets = read(StartPosition.BEGINNING, 50);

        assertThat(offsets).hasSize(50).isSorted().startsWith(0L).endsWith(49L);
    }

    @Test
    void fetchWithinABatchBeginsAtTheOffsetAskedFor() throws Exception {
        serveLog(20);

        var offsets = read(StartPosition.offset(7), 13);

        assertThat(offsets).startsWith(7L, 8L, 9L, 10L).endsWith(19L);
    }

    @Test
    void timestampIsLookedUp() throws Exception {
        serveLog(20);

        var offsets = read(StartPosition.timestamp(1_012), 8);

        assertThat(offsets).startsWith(12L);
    }

    @Test
    void timestampAfterTheNewestRecordMeansTheEnd() throws Exception {
        serveLog(20);

        var found = client.offsets(Map.of(PARTITION, StartPosition.timestamp(9_999)))
                .toCompletableFuture()
                .get();

        assertThat(found).containsEntry(PARTITION, 20L);
    }

    @Test
    void sessionRequestsNameOnlyWhatChanged() throws Exception {
        serveLog(10);

        read(StartPosition.BEGINNING, 10);

        var requests = broker.seen(ApiKey.FETCH).stream()
                .map(each -> (FetchRequest) each.message())
                .toList();
        assertThat(requests.get(0).sessionEpoch()).isZero();
        assertThat(requests.get(1).sessionId()).isEqualTo(SESSION);
        assertThat(requests.get(1).sessionEpoch()).isEqualTo(1);
        assertThat(requests.get(1).topics()).hasSize(1);
    }

    /** Transports keep memory for frames of up to a MiB, header and all. */
    @Test
    void answersAreAskedForThatFitMemoryWhichIsKept() throws Exception {
        serveLog(10);

        read(StartPosition.BEGINNING, 10);

        assertThat(((FetchRequest) broker.seen(ApiKey.FETCH).get(0).message()).maxBytes())
                .isBetween(900 << 10, (1 << 20) - (32 << 10));
    }

    /** Metadata are silent by then, so that nothing else tells. */
    @Test
    void whoeverIsNamedAsTheLeaderIsReadFrom() throws Exception {
        var reached = broker.otherIsReached();
        broker.on(ApiKey.FETCH, (version, request) -> {
            broker.on(ApiKey.METADATA, (any, asked) -> ScriptedBroker.NO_ANSWER);
            return ledByTheOther(answer(SESSION, ErrorCode.NOT_LEADER_OR_FOLLOWER, -1, NOTHING));
        });

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            var unused = consumer.assign(Map.of(PARTITION, StartPosition.offset(0)));

            assertThat(reached.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Each change is told to all that listen, and they look at all their partitions. */
    @Test
    void allLeadersThatAnAnswerNamesAreHeededTogether() throws Exception {
        var partitions = 50;
        var reached = broker.otherIsReached();
        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(partitions));
        broker.on(ApiKey.FETCH, (version, request) -> {
            broker.on(ApiKey.METADATA, (any, asked) -> ScriptedBroker.NO_ANSWER);
            return ledByTheOther(refusedAll((FetchRequest) request));
        });
        var starts = new LinkedHashMap<TopicPartition, StartPosition>();
        for (int i = 0; i < partitions; i++) {
            starts.put(new TopicPartition(ScriptedBroker.TOPIC, i), StartPosition.offset(0));
        }
        var metadata = client.metadata();
        var changes = new CopyOnWriteArrayList<Long>();
        metadata.whenChanged(() -> changes.add(starts.keySet().stream()
                .filter(each -> requireNonNull(metadata.image().leader(each)).nodeId() == 2)
                .count()));

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            var unused = consumer.assign(starts);
            assertThat(reached.get(30, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(changes).filteredOn(moved -> moved > 0).containsExactly((long) partitions);
    }

    private static FetchResponse refusedAll(FetchRequest request) {
        var partitions = request.topics().get(0).partitions().stream()
                .map(each -> FetchResponse.Partition.builder()
                        .partitionIndex(each.partition())
                        .errorCode(ErrorCode.NOT_LEADER_OR_FOLLOWER.code())
                        .highWatermark(-1)
                        .build())
                .toList();
        return FetchResponse.builder()
                .sessionId(SESSION)
                .responses(List.of(FetchResponse.Topic.builder()
                        .topicId(ScriptedBroker.TOPIC_ID)
                        .partitions(partitions)
                        .build()))
                .build();
    }

    private static FetchResponse ledByTheOther(FetchResponse answer) {
        var topic = answer.responses().get(0);
        var partitions = topic.partitions().stream()
                .map(each -> each.toBuilder()
                        .currentLeader(new FetchResponse.CurrentLeader(2, 9))
                        .build())
                .toList();
        return answer.toBuilder()
                .responses(List.of(topic.toBuilder().partitions(partitions).build()))
                .nodeEndpoints(List.of(new FetchResponse.NodeEndpoint(
                        2, ScriptedBroker.OTHER.host(), ScriptedBroker.OTHER.port(), null)))
                .build();
    }

    /** An answer is full with what one of them has. */
    @Test
    void partitionsTakeTurnsWhereABrokerKeepsNoSession() throws Exception {
        var partitions = 3;
        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(partitions));
        broker.on(ApiKey.FETCH, (version, request) -> {
            var first = ((FetchRequest) request).topics().get(0).partitions().get(0);
            return answer(0, first.partition(), ErrorCode.NONE, 1_000_000, batch(first.fetchOffset()));
        });
        var starts = new LinkedHashMap<TopicPartition, StartPosition>();
        for (int i = 0; i < partitions; i++) {
            starts.put(new TopicPartition(ScriptedBroker.TOPIC, i), StartPosition.offset(0));
        }

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(starts).toCompletableFuture().get();
            for (int polls = 0; polls < 2; polls++) {
                var polled = new HashSet<Integer>();
                for (int i = 0; i < partitions; i++) {
                    polled.add(consumer.poll(LIMIT).get(0).partition().partition());
                }
                assertThat(polled).hasSize(partitions);
            }
        }
    }

    @Test
    void lostSessionIsBegunAnew() throws Exception {
        serveLog(20);
        var fetches = new AtomicInteger();
        broker.on(ApiKey.FETCH, (version, request) -> {
            var wanted = position((FetchRequest) request);
            if (fetches.incrementAndGet() == 2) {
                return FetchResponse.builder()
                        .errorCode(ErrorCode.FETCH_SESSION_ID_NOT_FOUND.code())
                        .build();
            }
            return answer(
                    SESSION,
                    ErrorCode.NONE,
                    20,
                    wanted >= 20 ? ByteBuffer.allocate(0) : batch(wanted / RECORDS_PER_BATCH * RECORDS_PER_BATCH));
        });

        var offsets = read(StartPosition.BEGINNING, 20);

        assertThat(offsets).hasSize(20).isSorted().doesNotHaveDuplicates();
        assertThat(((FetchRequest) broker.seen(ApiKey.FETCH).get(2).message()).sessionEpoch())
                .isZero();
    }

    /** Reads at an offset that no log of so many records has. */
    private void assertOutOfRange(long endOffset, String words) throws Exception {
        serveLog(endOffset);
        broker.on(ApiKey.FETCH, (version, request) -> answer(SESSION, ErrorCode.OFFSET_OUT_OF_RANGE, -1, NOTHING));
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(900)))
                    .toCompletableFuture()
                    .get();

            assertThatThrownBy(() -> pollUntilThrown(consumer))
                    .isInstanceOf(ClientException.class)
                    .hasMessage("offset 900 of flights-0 is out of range: " + words);
        }
    }

    @Test
    void offsetOutOfRangeGoesOnWhereTheGroupBeginsIfNobodyCouldSeek() throws Exception {
        serveLog(20);
        broker.on(
                ApiKey.FETCH,
                (version, request) -> position((FetchRequest) request) == 900
                        ? answer(SESSION, ErrorCode.OFFSET_OUT_OF_RANGE, -1, NOTHING)
                        : answer(SESSION, ErrorCode.NONE, 20, lastPosition == 0 ? batch(0) : NOTHING));
        try (var consumer = client.consumer(FetchConfig.DEFAULT, new GonePolicy(StartPosition.BEGINNING, false))) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(900)))
                    .toCompletableFuture()
                    .get();

            assertThat(consumer.poll(LIMIT)).extracting(InboundRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThat(consumer.position(PARTITION)).isEqualTo(5);
        }
    }

    private static void pollUntilThrown(PartitionConsumer consumer) {
        while (consumer.poll(Duration.ofSeconds(5)).isEmpty()) {
            assertThat(consumer.position(PARTITION)).isNotNegative();
        }
    }

    @Test
    void offsetOutOfRangeIsToldWithWhatThereIsToRead() throws Exception {
        assertOutOfRange(20, "it holds offsets 0 to 19");
    }

    @Test
    void offsetOutOfRangeOfAnEmptyLogIsToldWithItsNextOffset() throws Exception {
        assertOutOfRange(0, "it is empty, and its next record gets offset 0");
    }

    @Test
    void brokerThatHangsUpIsATroubleUntilItAnswersAgain() throws Exception {
        serveLog(20);
        broker.on(ApiKey.FETCH, (version, request) -> null);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(0)))
                    .toCompletableFuture()
                    .get();

            await().atMost(LIMIT).until(() -> consumer.trouble().isPresent());
            assertThat(consumer.trouble().orElseThrow())
                    .hasMessage("connection to broker broker:9092 was closed by the other side");

            serveLog(20);
            while (consumer.position(PARTITION) < 20) {
                consumer.poll(Duration.ofSeconds(5));
            }
            await().atMost(LIMIT).until(() -> consumer.trouble().isEmpty());
        }
    }

    @Test
    void topicThatIsDeletedEndsReading() throws Exception {
        serveLog(0);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.END))
                    .toCompletableFuture()
                    .get();

            broker.on(ApiKey.FETCH, (version, request) -> answer(SESSION, ErrorCode.UNKNOWN_TOPIC_ID, -1, NOTHING));
            broker.on(ApiKey.METADATA, (version, request) -> withTopic(unknown()));

            assertThatThrownBy(() -> pollUntilThrown(consumer))
                    .isInstanceOf(ClientException.class)
                    .hasMessage("topic flights does not exist, or no longer");
        }
    }

    @Test
    void topicThatIsDeletedAndCreatedAnewEndsReading() throws Exception {
        serveLog(0);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.END))
                    .toCompletableFuture()
                    .get();
            await().atMost(LIMIT).until(() -> !broker.seen(ApiKey.FETCH).isEmpty());

            broker.on(ApiKey.FETCH, (version, request) -> answer(SESSION, ErrorCode.UNKNOWN_TOPIC_ID, -1, NOTHING));
            var sameName = broker.metadata(1).topics().get(0).toBuilder()
                    .topicId(new UUID(8, 8))
                    .build();
            broker.on(ApiKey.METADATA, (version, request) -> withTopic(sameName));

            assertThatThrownBy(() -> pollUntilThrown(consumer))
                    .isInstanceOf(ClientException.class)
                    .hasMessage("topic flights was deleted and created anew");
        }
    }

    private MetadataResponse withTopic(MetadataResponse.Topic topic) {
        return broker.metadata(1).toBuilder().topics(List.of(topic)).build();
    }

    private static MetadataResponse.Topic unknown() {
        return new MetadataResponse.Topic(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(), ScriptedBroker.TOPIC, new UUID(0, 0), false, List.of(), 0);
    }

    @Test
    void damagedBatchIsToldAfterWhatLiesBeforeItAndNothingBehindItIsRead() throws Exception {
        var damaged = batch(5);
        damaged.put(damaged.limit() - 1, (byte) ~damaged.get(damaged.limit() - 1));
        var records = ByteBuffer.allocate(1_000)
                .put(batch(0))
                .put(damaged)
                .put(batch(10))
                .flip();
        broker.on(
                ApiKey.FETCH,
                (version, request) -> position((FetchRequest) request) == 0
                        ? answer(SESSION, ErrorCode.NONE, 20, records.duplicate())
                        : answer(SESSION, ErrorCode.NONE, 20, batch(15)));

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(0)))
                    .toCompletableFuture()
                    .get();

            assertThat(consumer.poll(Duration.ofSeconds(30)))
                    .extracting(InboundRecord::offset)
                    .containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThatThrownBy(() -> consumer.poll(Duration.ofSeconds(30)))
                    .isInstanceOf(CorruptRecordException.class)
                    .hasMessage("checksum of the batch at offset 5 of flights-0 does not match its bytes");
            for (int i = 0; i < 5; i++) {
                assertThat(consumer.poll(Duration.ofMillis(20))).isEmpty();
            }
            assertThat(consumer.position(PARTITION)).isEqualTo(5);
        }
    }

    @Test
    void whatIsPolledBelongsToOneTimeThatThePartitionIsAssigned() {
        serveLog(20);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            var tenure = consumer.add(Map.of(PARTITION, 0L));
            var chunk = requireNonNull(consumer.pollChunk(LIMIT));
            consumer.rewind(chunk, 2);
            var again = requireNonNull(consumer.pollChunk(LIMIT));
            consumer.remove(Set.of(PARTITION));
            var nextTenure = consumer.add(Map.of(PARTITION, 0L));

            var anew = requireNonNull(consumer.pollChunk(LIMIT));

            assertThat(chunk.tenure()).isEqualTo(tenure);
            assertThat(again.tenure()).isEqualTo(tenure);
            assertThat(again.records().get(0).offset()).isEqualTo(2);
            assertThat(anew.tenure()).isEqualTo(nextTenure).isNotEqualTo(tenure);
        }
    }

    @Test
    void aPartitionThatIsGoneIsNotBroughtBackByReadingItAgain() {
        serveLog(20);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.add(Map.of(PARTITION, 0L));
            var chunk = requireNonNull(consumer.pollChunk(LIMIT));
            consumer.remove(Set.of(PARTITION));

            consumer.rewind(chunk, 0);

            assertThat(consumer.assignment()).isEmpty();
        }
    }

    @Test
    void bytesThatAreNoBatchAreToldAfterWhatLiesBeforeThem() throws Exception {
        var broken = batch(5);
        broken.putInt(8, 3);
        var records = ByteBuffer.allocate(1_000).put(batch(0)).put(broken).flip();
        broker.on(ApiKey.FETCH, (version, request) -> answer(SESSION, ErrorCode.NONE, 20, records.duplicate()));

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(0)))
                    .toCompletableFuture()
                    .get();

            assertThat(consumer.poll(LIMIT)).extracting(InboundRecord::offset).containsExactly(0L, 1L, 2L, 3L, 4L);
            assertThatThrownBy(() -> consumer.poll(LIMIT))
                    .isInstanceOf(ClientException.class)
                    .hasMessageStartingWith("what lies at offset 5 of flights-0 is no record batch");
            assertThat(consumer.position(PARTITION)).isEqualTo(5);
        }
        assertThat(broker.seen(ApiKey.API_VERSIONS)).hasSizeLessThan(4);
    }

    @Test
    void aLogThatTheBrokerFindsDamagedIsTold() throws Exception {
        broker.on(ApiKey.FETCH, (version, request) -> answer(SESSION, ErrorCode.CORRUPT_MESSAGE, -1, NOTHING));

        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(0)))
                    .toCompletableFuture()
                    .get();

            assertThatThrownBy(() -> consumer.poll(LIMIT))
                    .isInstanceOf(ClientException.class)
                    .extracting(e -> ((ClientException) e).code())
                    .isEqualTo(ErrorCode.CORRUPT_MESSAGE);
        }
    }

    @Test
    void aFailureOfTheOldPositionIsNotToldAfterASeek() throws Exception {
        serveLog(20);
        broker.on(ApiKey.FETCH, (version, request) -> switch ((int) position((FetchRequest) request)) {
            case 900 -> answer(SESSION, ErrorCode.CORRUPT_MESSAGE, -1, NOTHING);
            case 0 -> answer(SESSION, ErrorCode.NONE, 20, batch(0));
            default -> answer(SESSION, ErrorCode.NONE, 20, NOTHING);
        });
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(900)))
                    .toCompletableFuture()
                    .get();
            await().atMost(LIMIT).until(() -> !broker.seen(ApiKey.FETCH).isEmpty());

            consumer.seek(PARTITION, StartPosition.offset(0))
                    .toCompletableFuture()
                    .get();

            assertThat(consumer.poll(LIMIT)).hasSize(RECORDS_PER_BATCH);
        }
    }

    @Test
    void assignmentThatIsOvertakenHasNoEffect() throws Exception {
        serveLog(50);
        var mayAnswer = new CompletableFuture<Void>();
        broker.on(ApiKey.LIST_OFFSETS, (version, request) -> {
            mayAnswer.join();
            return offsets((ListOffsetsRequest) request, 50);
        });
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            var older = consumer.assign(Map.of(PARTITION, StartPosition.END)).toCompletableFuture();
            consumer.assign(Map.of(PARTITION, StartPosition.offset(7)))
                    .toCompletableFuture()
                    .get();

            mayAnswer.complete(null);
            older.get();

            assertThat(consumer.position(PARTITION)).isEqualTo(7);
            assertThat(consumer.poll(Duration.ofSeconds(30)))
                    .first()
                    .extracting(InboundRecord::offset)
                    .isEqualTo(7L);
        }
    }

    @Test
    void everyFrameIsGivenBack() throws Exception {
        serveLog(50);

        read(StartPosition.BEGINNING, 50);
        client.close();

        assertThat(broker.network().openFrameCount()).isZero();
    }

    @Test
    void whoReadsWhatIsCommittedAsksForItAndLeavesOutWhatWasAborted() throws Exception {
        var log = ByteBuffer.allocate(10_000);
        log.put(transactional(11, 0))
                .put(transactional(12, 1))
                .put(marker(11, 2))
                .put(marker(12, 3));
        var asked = new CopyOnWriteArrayList<Byte>();
        broker.on(ApiKey.LIST_OFFSETS, (version, request) -> {
            asked.add(((ListOffsetsRequest) request).isolationLevel());
            return offsets((ListOffsetsRequest) request, 4);
        });
        broker.on(ApiKey.FETCH, (version, request) -> {
            asked.add(((FetchRequest) request).isolationLevel());
            var wanted = position((FetchRequest) request);
            var answer = answer(
                    SESSION, ErrorCode.NONE, 9, wanted < 4 ? log.duplicate().flip() : NOTHING);
            var topic = answer.responses().get(0);
            var partition = topic.partitions().get(0).toBuilder()
                    .lastStableOffset(4)
                    .abortedTransactions(List.of(new FetchResponse.AbortedTransaction(11, 0)))
                    .build();
            return answer.toBuilder()
                    .responses(List.of(
                            topic.toBuilder().partitions(List.of(partition)).build()))
                    .build();
        });
        var config = FetchConfig.of(
                ReaderConfig.builder().isolation(Isolation.READ_COMMITTED).build());

        try (var consumer = client.consumer(config)) {
            consumer.assign(Map.of(PARTITION, StartPosition.BEGINNING))
                    .toCompletableFuture()
                    .get();

            assertThat(consumer.poll(LIMIT)).extracting(InboundRecord::offset).containsExactly(1L);
            assertThat(consumer.position(PARTITION)).isEqualTo(4);
            assertThat(consumer.endOffset(PARTITION)).isEqualTo(4);
        }
        assertThat(asked).hasSizeGreaterThan(1).containsOnly((byte) 1);
    }

    @Test
    void aPartitionIsReadOnWhereItWasIfItCannotBeFoundOutWhatWasSought() throws Exception {
        serveLog(10);
        try (var consumer = client.consumer(FetchConfig.DEFAULT)) {
            consumer.assign(Map.of(PARTITION, StartPosition.offset(0)))
                    .toCompletableFuture()
                    .get();
            assertThat(consumer.poll(LIMIT)).hasSize(5);
            broker.on(ApiKey.LIST_OFFSETS, (version, request) -> refusedOffsets());

            assertThatThrownBy(() -> consumer.seek(PARTITION, StartPosition.END)
                            .toCompletableFuture()
                            .get())
                    .hasCauseInstanceOf(ClientException.class);

            assertThat(consumer.position(PARTITION)).isEqualTo(5);
            assertThat(consumer.poll(LIMIT)).extracting(InboundRecord::offset).containsExactly(5L, 6L, 7L, 8L, 9L);
        }
    }

    private static ListOffsetsResponse refusedOffsets() {
        var partition = ListOffsetsResponse.Partition.builder()
                .partitionIndex(0)
                .errorCode(ErrorCode.TOPIC_AUTHORIZATION_FAILED.code())
                .build();
        return ListOffsetsResponse.builder()
                .topics(List.of(new ListOffsetsResponse.Topic(ScriptedBroker.TOPIC, List.of(partition))))
                .build();
    }

    private static ByteBuffer transactional(long producerId, long offset) {
        var builder = new RecordBatchBuilder(1_000)
                .baseOffset(offset)
                .producer(producerId, (short) 0, 0)
                .transactional();
        builder.append(1_000, null, ByteBuffer.allocate(1));
        return builder.build();
    }

    private static ByteBuffer marker(long producerId, long offset) {
        var batch = new EndTransactionMarker(producerId == 12, 0).toBatch(1_000, producerId, (short) 0);
        RecordBatch.at(batch, 0).assignOffsets(offset);
        return batch;
    }
}
