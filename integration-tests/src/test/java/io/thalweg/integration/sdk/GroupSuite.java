package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.DeliveryGuarantee;
import io.thalweg.api.GroupProtocol;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.RebalanceListener;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the SDK promises to members of groups, whatever cluster it is connected to. */
abstract class GroupSuite extends SdkSuite {

    private static final Serde<String> TEXT = Serde.string();
    private static final Serde<Integer> NUMBER = Serde.int32();
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final ReaderConfig IMPATIENT =
            ReaderConfig.builder().maxWait(Duration.ofMillis(20)).build();

    /** A classic group is as quick as its members' heartbeats, and those as their sessions are short. */
    private static final Duration SESSION = Duration.ofSeconds(6);

    /** How the members of these groups come by their partitions. */
    GroupProtocol protocol() {
        return GroupProtocol.CONSUMER;
    }

    private Subscription.Builder<String, Integer> group(String topic) {
        return quick(Subscription.builder("group-of-" + topic, TEXT, NUMBER, topic));
    }

    private Subscription.Builder<String, Integer> quick(Subscription.Builder<String, Integer> subscription) {
        return subscription.reader(IMPATIENT).protocol(protocol()).sessionTimeout(SESSION);
    }

    private void fill(String topic, int partitions, int from, int to) {
        try (var producer = client().producer(TEXT, NUMBER)) {
            for (int i = from; i < to; i++) {
                producer.send(ProducerRecord.of(topic, "key-" + i % 7, i).withPartition(i % partitions));
            }
        }
    }

    private static List<Integer> poll(Consumer<String, Integer> consumer, int count) {
        var values = new ArrayList<Integer>();
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (values.size() < count && System.nanoTime() < deadline) {
            consumer.poll(POLL).forEach(record -> values.add(record.value()));
        }
        return values;
    }

    private Map<TopicPartition, Long> committed(String topic) {
        return await(client().admin().group("group-of-" + topic)).committed();
    }

    private static List<Integer> numbers(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void aGroupGoesOnWhereItStopped() {
        var topic = topic(1);
        fill(topic, 1, 0, 10);
        try (var consumer = client().consumer(group(topic).build())) {
            assertThat(poll(consumer, 10)).isEqualTo(numbers(0, 10));
            await(consumer.commit());
        }
        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 10L);
        fill(topic, 1, 10, 20);

        try (var consumer = client().consumer(group(topic).build())) {
            assertThat(poll(consumer, 10)).isEqualTo(numbers(10, 20));
        }

        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 10L);
        try (var consumer = client().consumer(group(topic).build())) {
            assertThat(poll(consumer, 10)).isEqualTo(numbers(10, 20));
            assertThat(consumer.poll(Duration.ZERO)).isEmpty();
        }
        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 20L);
    }

    @Test
    void atMostOnceCommitsBeforeItGives() {
        var topic = topic(1);
        fill(topic, 1, 0, 5);
        var subscription =
                group(topic).guarantee(DeliveryGuarantee.AT_MOST_ONCE).build();

        try (var consumer = client().consumer(subscription)) {
            assertThat(poll(consumer, 5)).hasSize(5);

            assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 5L);
        }
    }

    @Test
    void membersShareAndHandOver() throws Exception {
        var topic = topic(4);
        fill(topic, 4, 0, 40);
        try (var first = client().consumer(group(topic).build());
                var other = cluster().connect()) {
            assertThat(poll(first, 40)).containsExactlyInAnyOrderElementsOf(numbers(0, 40));

            try (var second = other.consumer(group(topic).build())) {
                await().atMost(LIMIT).until(() -> {
                    first.poll(POLL);
                    second.poll(POLL);
                    return first.assignment().size() == 2 && second.assignment().size() == 2;
                });
                assertThat(first.assignment()).doesNotContainAnyElementsOf(second.assignment());
                assertThat(await(client().admin().group("group-of-" + topic)).members())
                        .hasSize(2);
                assertThatThrownBy(() -> await(first.commit(
                                Map.of(second.assignment().iterator().next(), 0L))))
                        .isInstanceOf(ThalwegException.Fenced.class);
                fill(topic, 4, 40, 80);
                var values = new ArrayList<Integer>();
                await().atMost(LIMIT).until(() -> {
                    first.poll(POLL).forEach(record -> values.add(record.value()));
                    second.poll(POLL).forEach(record -> values.add(record.value()));
                    return values.size() >= 40;
                });
                assertThat(values).containsExactlyInAnyOrderElementsOf(numbers(40, 80));
            }

            await().atMost(LIMIT).until(() -> {
                first.poll(POLL);
                return first.assignment().size() == 4;
            });
        }
    }

    @Test
    void handlersRunBesideEachOtherButNeverForOneKey() {
        var topic = topic(1);
        fill(topic, 1, 0, 70);
        var together = new CountDownLatch(3);
        var busy = ConcurrentHashMap.<String>newKeySet();
        var seen = new ConcurrentHashMap<String, List<Integer>>();
        var overlaps = new AtomicInteger();
        var config = ProcessingConfig.builder().parallelism(4).build();

        try (var processing = client().process(group(topic).build(), config, record -> {
            var key = String.valueOf(record.key());
            if (!busy.add(key)) {
                overlaps.incrementAndGet();
            }
            together.countDown();
            assertThat(together.await(30, TimeUnit.SECONDS)).isTrue();
            seen.computeIfAbsent(key, first -> new CopyOnWriteArrayList<>()).add(record.value());
            busy.remove(key);
        })) {
            await().atMost(LIMIT)
                    .until(() -> seen.values().stream().mapToInt(List::size).sum() == 70);
            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }

        assertThat(overlaps).hasValue(0);
        assertThat(seen)
                .hasSize(7)
                .allSatisfy((key, values) -> assertThat(values).isSorted());
        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 70L);
    }

    @Test
    void onlyWhatIsDoneWithoutAGapIsCommitted() {
        var topic = topic(1);
        fill(topic, 1, 0, 10);
        var others = new CountDownLatch(9);
        var config = ProcessingConfig.builder().parallelism(2).maxAttempts(1).build();

        var processing = client().process(group(topic).build(), config, record -> {
            if (record.offset() == 4) {
                assertThat(others.await(30, TimeUnit.SECONDS)).isTrue();
                throw new IllegalStateException("no such flight");
            }
            others.countDown();
        });

        assertThatThrownBy(() -> await(processing.ended()))
                .isInstanceOf(ThalwegException.HandlerFailed.class)
                .hasMessageContaining("offset 4 of " + topic)
                .hasMessageContaining("no such flight");
        processing.close();
        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 4L);
    }

    @Test
    void aRecordIsTriedAgainAndThenBuried() {
        var topic = topic(1);
        var letters = topic(1);
        fill(topic, 1, 0, 10);
        var attempts = new ConcurrentHashMap<Integer, AtomicInteger>();
        var config = ProcessingConfig.builder()
                .maxAttempts(3)
                .backoff(Duration.ofMillis(1), Duration.ofMillis(5))
                .deadLetters(letters)
                .build();

        try (var processing = client().process(group(topic).build(), config, record -> {
            var value = record.value() == null ? -1 : record.value();
            var attempt = attempts.computeIfAbsent(value, first -> new AtomicInteger())
                    .incrementAndGet();
            if (value == 3 || (value == 5 && attempt < 3)) {
                throw new IllegalStateException("attempt " + attempt);
            }
        })) {
            var letter = Topics.read(client(), letters, 1, 1, TEXT, NUMBER).get(0);

            assertThat(letter.key()).isEqualTo("key-3");
            assertThat(letter.value()).isEqualTo(3);
            assertThat(letter.headers().text("thalweg.dead-letter.topic")).hasValue(topic);
            assertThat(letter.headers().text("thalweg.dead-letter.offset")).hasValue("3");
            assertThat(letter.headers().text("thalweg.dead-letter.attempts")).hasValue("3");
            assertThat(letter.headers().text("thalweg.dead-letter.error"))
                    .hasValueSatisfying(error -> assertThat(error).contains("attempt 3"));
            await().atMost(LIMIT)
                    .until(() -> attempts.size() == 10 && attempts.get(5).get() == 3);
            assertThat(processing.ended().toCompletableFuture()).isNotDone();
        }

        assertThat(committed(topic)).containsEntry(new TopicPartition(topic, 0), 10L);
    }

    @Test
    void subscribersGetWhatTheyAskFor() {
        var topic = topic(1);
        fill(topic, 1, 0, 10);
        var subscriber = new Recorder();

        client().publisher(group(topic).build()).subscribe(subscriber);
        subscriber.request(4);
        await().atMost(LIMIT).until(() -> subscriber.values.size() == 4);
        subscriber.request(6);
        await().atMost(LIMIT).until(() -> subscriber.values.size() == 10);
        subscriber.cancel();

        assertThat(subscriber.values).isEqualTo(numbers(0, 10));
        await().atMost(LIMIT).until(() -> committed(topic).getOrDefault(new TopicPartition(topic, 0), 0L) == 10);
    }

    @Test
    void aStaticMemberThatComesBackHasItsPartitionsAndOthersKeepTheirs() {
        var topic = topic(2);
        var heard = new CopyOnWriteArrayList<String>();
        var listener = new RebalanceListener() {
            @Override
            public void revoked(Set<TopicPartition> partitions) {
                heard.add("revoked " + partitions);
            }

            @Override
            public void lost(Set<TopicPartition> partitions) {
                heard.add("lost " + partitions);
            }
        };
        var berth = group(topic).instanceId("berth-of-" + topic).sessionTimeout(Duration.ofSeconds(45));
        Set<TopicPartition> before;
        try (var other = client().consumer(group(topic).listener(listener).build())) {
            try (var first = client().consumer(berth.build())) {
                await().atMost(LIMIT).until(() -> {
                    first.poll(POLL);
                    other.poll(POLL);
                    return first.assignment().size() == 1 && other.assignment().size() == 1;
                });
                before = first.assignment();
            }
            heard.clear();

            try (var second = client().consumer(berth.build())) {
                await().atMost(LIMIT).until(() -> {
                    second.poll(POLL);
                    other.poll(POLL);
                    return !second.assignment().isEmpty();
                });
                assertThat(second.assignment()).isEqualTo(before);
            }
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void topicsAreReadWhoseNamesMatch() {
        var one = topic(1);
        var other = topic(1);
        var third = topic(1);
        fill(one, 1, 0, 5);
        fill(other, 1, 5, 10);
        fill(third, 1, 10, 15);
        var subscription = Subscription.matching("group-of-" + one, TEXT, NUMBER, one + "|" + other);

        try (var consumer = client().consumer(quick(subscription).build())) {
            assertThat(poll(consumer, 10)).containsExactlyInAnyOrderElementsOf(numbers(0, 10));
            assertThat(consumer.assignment())
                    .containsExactlyInAnyOrder(new TopicPartition(one, 0), new TopicPartition(other, 0));
        }
    }

    /** A subscriber that notes what it gets. */
    private static final class Recorder implements Flow.Subscriber<ConsumerRecord<String, Integer>> {

        private final List<Integer> values = new CopyOnWriteArrayList<>();
        private final CountDownLatch subscribed = new CountDownLatch(1);
        private volatile Flow.Subscription subscription;

        @Override
        public void onSubscribe(Flow.Subscription given) {
            subscription = given;
            subscribed.countDown();
        }

        @Override
        public void onNext(ConsumerRecord<String, Integer> record) {
            values.add(record.value());
        }

        @Override
        public void onError(Throwable failure) {
            throw new IllegalStateException(failure);
        }

        @Override
        public void onComplete() {}

        void request(long count) {
            assertThat(waited()).isTrue();
            subscription.request(count);
        }

        void cancel() {
            subscription.cancel();
        }

        private boolean waited() {
            try {
                return subscribed.await(30, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
