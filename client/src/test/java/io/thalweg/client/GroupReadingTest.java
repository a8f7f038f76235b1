package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.Isolation;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.RebalanceListener;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.transport.ConnectingLoop;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Polled consumers, publishers and processings against a coordinator that answers as the test tells it. */
final class GroupReadingTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final ScriptedGroup group = new ScriptedGroup(broker);
    private final ConnectingLoop loop = broker.network().openLoop("group-reading");
    /** How far the client's clock is ahead. */
    private final AtomicLong aheadNanos = new AtomicLong();

    private final Thalweg client =
            WireClient.on(new ClientRuntime(loop, clock(), new Random(1)), ClientConfig.of("broker:9092"));
    private final List<Long> handled = new CopyOnWriteArrayList<>();

    private Clock clock() {
        var machine = new MachineClock();
        return new Clock() {
            @Override
            public long millis() {
                return machine.millis();
            }

            @Override
            public long nanos() {
                return machine.nanos() + aheadNanos.get();
            }
        };
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    private static Subscription.Builder<String, String> subscription() {
        return Subscription.builder("readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC);
    }

    private static List<Long> offsets(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    private void handle(ConsumerRecord<String, String> record) {
        handled.add(record.offset());
    }

    @Test
    void whereAGroupStartsIsCommittedIfItMoves() {
        group.logEnd = 100;

        try (var consumer =
                client.consumer(subscription().start(StartPosition.END).build())) {
            await().untilAsserted(() -> assertThat(group.commits).containsExactly(100L));
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        }
    }

    @Test
    void whatEndsAMembershipIsFatalForItsConsumer() {
        group.heartbeatAnswer = ErrorCode.GROUP_AUTHORIZATION_FAILED;

        try (var consumer = client.consumer(subscription().build())) {
            assertThatThrownBy(() -> consumer.poll(LIMIT))
                    .isInstanceOfSatisfying(
                            ThalwegException.Denied.class,
                            failure -> assertThat(failure.isFatal()).isTrue());
        }
    }

    @Test
    void atMostOnceGoesOnWhenACommitIsFenced() {
        group.logEnd = 10;
        group.commitAnswers.add(ErrorCode.FENCED_MEMBER_EPOCH);
        var config = ProcessingConfig.builder().parallelism(1).build();
        var subscribed =
                subscription().guarantee(DeliveryGuarantee.AT_MOST_ONCE).build();

        try (var processing = client.process(subscribed, config, this::handle)) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).isEqualTo(offsets(0, 10)));

            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(group.commits).containsExactly(5L, 10L);
    }

    @Test
    void aPolledConsumerIsNotGivenWhatCannotBeCommittedAtMostOnce() {
        group.logEnd = 5;
        group.commitAnswers.add(ErrorCode.FENCED_MEMBER_EPOCH);
        var subscribed =
                subscription().guarantee(DeliveryGuarantee.AT_MOST_ONCE).build();

        try (var consumer = client.consumer(subscribed)) {
            assertThat(consumer.poll(LIMIT)).hasSize(5);
            assertThat(group.commits).containsExactly(5L);
        }
    }

    @Test
    void aProcessingWhoseOffsetIsGoneGoesOnAtTheBeginning() {
        group.logStart = 10;
        group.logEnd = 20;
        group.committed = 3;
        var config = ProcessingConfig.builder().parallelism(1).build();

        try (var processing = client.process(subscription().build(), config, this::handle)) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).isEqualTo(offsets(10, 20)));

            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(group.commits).last().isEqualTo(20L);
    }

    @Test
    void whatIsNotShownAtTheEndIsCommittedToo() {
        group.logEnd = 10;
        group.abortedFrom = 5;
        var config = ProcessingConfig.builder().parallelism(1).build();
        var subscribed = subscription()
                .commitInterval(Duration.ofMillis(50))
                .reader(ReaderConfig.builder()
                        .isolation(Isolation.READ_COMMITTED)
                        .build())
                .build();

        try (var processing = client.process(subscribed, config, this::handle)) {
            await().atMost(LIMIT)
                    .untilAsserted(() -> assertThat(group.commits).last().isEqualTo(10L));
            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }
        assertThat(handled).isEqualTo(offsets(0, 5));
    }

    @Test
    void aPolledConsumerCommitsWhatItIsNotShown() {
        group.logEnd = 10;
        group.abortedFrom = 0;
        var subscribed = subscription()
                .commitInterval(Duration.ofMillis(50))
                .reader(ReaderConfig.builder()
                        .isolation(Isolation.READ_COMMITTED)
                        .build())
                .build();

        try (var consumer = client.consumer(subscribed)) {
            await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(consumer.poll(Duration.ofMillis(10))).isEmpty();
                assertThat(group.commits).last().isEqualTo(10L);
            });
        }
    }

    private void forgetTopic() {
        var unknown = new MetadataResponse.Topic(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                ScriptedBroker.TOPIC,
                new UUID(0, 0),
                false,
                List.of(),
                Integer.MIN_VALUE);
        broker.on(
                ApiKey.METADATA,
                (version, request) ->
                        broker.metadata(1).toBuilder().topics(List.of(unknown)).build());
    }

    @Test
    void aTopicThatIsMissingDoesNotEndAProcessing() {
        group.logEnd = 5;
        var config = ProcessingConfig.builder().parallelism(1).build();

        try (var processing = client.process(subscription().build(), config, this::handle)) {
            await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).isEqualTo(offsets(0, 5)));
            forgetTopic();
            group.fetchAnswer = ErrorCode.UNKNOWN_TOPIC_ID;
            awaitMetadata();
            aheadNanos.addAndGet(Duration.ofSeconds(10).toNanos());
            awaitMetadata();
            awaitMetadata();

            broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(1));
            group.logEnd = 10;
            group.fetchAnswer = ErrorCode.NONE;

            await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).isEqualTo(offsets(0, 10)));
            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }
    }

    private void awaitMetadata() {
        var before = broker.seen(ApiKey.METADATA).size();
        await().atMost(LIMIT).until(() -> broker.seen(ApiKey.METADATA).size() > before + 1);
    }

    @Test
    void theCommitOfATopicThatIsGoneFailsAtOnce() {
        group.logEnd = 5;
        var subscribed = subscription().commitInterval(Duration.ofHours(1)).build();
        var consumer = client.consumer(subscribed);
        assertThat(consumer.poll(LIMIT)).hasSize(5);

        forgetTopic();
        group.commitAnswers.addAll(Collections.nCopies(1_000, ErrorCode.UNKNOWN_TOPIC_ID));

        assertThatThrownBy(() -> Thalweg.await(consumer.commit())).isInstanceOf(ThalwegException.NotFound.class);
        assertThat(group.commitAnswers).hasSizeGreaterThan(900);
        consumer.close();
        assertThat(lastEpoch()).isNegative();
    }

    @Test
    void whoeverCannotCommitLeavesAllTheSame() {
        group.logEnd = 5;
        var config = ProcessingConfig.builder().parallelism(1).build();
        var subscribed = subscription()
                .commitInterval(Duration.ofHours(1))
                .revocationTimeout(Duration.ofMillis(400))
                .build();
        var processing = client.process(subscribed, config, this::handle);
        await().atMost(LIMIT).untilAsserted(() -> assertThat(handled).isEqualTo(offsets(0, 5)));

        group.commitAnswers.addAll(Collections.nCopies(1_000, ErrorCode.COORDINATOR_LOAD_IN_PROGRESS));
        processing.close();

        await().atMost(LIMIT).untilAsserted(() -> assertThat(lastEpoch()).isNegative());
    }

    private int lastEpoch() {
        var beats = broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT);
        return ((ConsumerGroupHeartbeatRequest) beats.get(beats.size() - 1).message()).memberEpoch();
    }

    @Test
    void anErrorOfAHandlerEndsTheProcessing() {
        group.logEnd = 5;
        var config = ProcessingConfig.builder().parallelism(1).maxAttempts(1).build();

        var processing = client.process(subscription().build(), config, record -> {
            throw new Error("of nobody's making");
        });

        assertThatThrownBy(() -> Thalweg.await(processing.ended()))
                .isInstanceOf(ThalwegException.HandlerFailed.class)
                .hasMessageContaining("of nobody's making");
    }

    @Test
    void anInterruptedPollReturns() {
        try (var consumer = client.consumer(subscription().build())) {
            Thread.currentThread().interrupt();

            var records = consumer.poll(Duration.ofMinutes(10));

            assertThat(Thread.interrupted()).isTrue();
            assertThat(records).isEmpty();
        }
    }

    @Test
    void anInterruptIsNothingToTryAgain() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> Thalweg.await(new CompletableFuture<Void>()))
                    .isInstanceOfSatisfying(
                            ThalwegException.Interrupted.class,
                            e -> assertThat(e.isRetriable()).isFalse());
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void aPollThatWaitsCommitsMeanwhile() {
        group.logEnd = 5;
        var subscribed = subscription().commitInterval(Duration.ofMillis(300)).build();
        var consumer = client.consumer(subscribed);
        assertThat(consumer.poll(LIMIT)).hasSize(5);

        var polling = CompletableFuture.supplyAsync(() -> consumer.poll(Duration.ofMinutes(10)));

        await().atMost(LIMIT).untilAsserted(() -> assertThat(group.commits).contains(5L));
        assertThat(polling).isNotDone();
        consumer.close();
        await().atMost(LIMIT).until(polling::isDone);
    }

    @Test
    void aMemberThatIsOutOfItsGroupSaysSoAtEveryPoll() {
        group.heartbeatAnswer = ErrorCode.GROUP_AUTHORIZATION_FAILED;

        try (var consumer = client.consumer(subscription().build())) {
            assertDenied(consumer);
            assertDenied(consumer);
        }
    }

    private static void assertDenied(Consumer<String, String> consumer) {
        assertThatThrownBy(() -> consumer.poll(LIMIT)).isInstanceOf(ThalwegException.Denied.class);
    }

    @Test
    void theListenerHearsOfAPartitionBeforeItsRecordsAreGiven() {
        group.logEnd = 5;
        var heard = new CopyOnWriteArrayList<TopicPartition>();
        var listener = new RebalanceListener() {
            @Override
            public void assigned(Set<TopicPartition> partitions) {
                heard.addAll(partitions);
            }
        };

        try (var consumer = client.consumer(subscription().listener(listener).build())) {
            assertThat(consumer.poll(LIMIT)).hasSize(5);

            assertThat(heard).containsExactly(ScriptedGroup.PARTITION);
        }
    }

    @Test
    void aPublisherNobodyAsksEndsWithItsClient() {
        var ended = new CompletableFuture<Throwable>();
        client.publisher(subscription().build()).subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {}

            @Override
            public void onNext(ConsumerRecord<String, String> record) {}

            @Override
            public void onError(Throwable failure) {
                ended.complete(failure);
            }

            @Override
            public void onComplete() {}
        });

        client.close();

        await().atMost(LIMIT).until(ended::isDone);
    }

    @Test
    void aProcessingThatLeavesCommitsToTheApplicationIsRefused() {
        var subscribed =
                subscription().guarantee(DeliveryGuarantee.BY_APPLICATION).build();

        assertThatThrownBy(() -> client.process(subscribed, ProcessingConfig.DEFAULT, this::handle))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
