package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.RebalanceListener;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Polled consumers, publishers and processings against a coordinator that answers as the test tells it. */
final class GroupReadingTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final ScriptedGroup group = new ScriptedGroup(broker);
    private final Thalweg client = WireClient.over(broker.network(), ClientConfig.of("broker:9092"));
    private final List<Long> handled = new CopyOnWriteArrayList<>();

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
