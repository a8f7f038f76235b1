package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.bytes;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.produce;
import static io.thalweg.broker.request.Requests.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.cleaner.CleanerConfig;
import io.thalweg.broker.cleaner.LogCleaner;
import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.runtime.ThreadWorkers;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceResponse;
import io.thalweg.protocol.record.Compression;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.runtime.Workers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The cleaner at work under a broker, as its clients see it. */
final class LogCleanerTest {

    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "internal.segment.bytes", "300", "min.cleanable.dirty.ratio", "0");

    private static final CleanerConfig CONFIG = new CleanerConfig(1, 1 << 20, 0.9, 400, Double.MAX_VALUE, 1_000);

    private final BrokerFixture broker = new BrokerFixture();
    private TestClient client = broker.client();
    private final AtomicInteger runs = new AtomicInteger();
    private @Nullable LogCleaner cleaner;

    @AfterEach
    void close() {
        stopCleaner();
        broker.close();
    }

    private LogCleaner cleaner(CleanerConfig config) {
        return cleaner(config, new ThreadWorkers("cleaner-test-"));
    }

    private LogCleaner cleaner(CleanerConfig config, Workers workers) {
        var wiring = new LogCleaner.Wiring(
                broker.shards(),
                broker.topics,
                broker.engine(),
                broker.clock,
                broker.shards().timers(),
                workers);
        var opened = new LogCleaner(wiring, config);
        opened.open((before, after) -> runs.incrementAndGet());
        cleaner = opened;
        return opened;
    }

    private void stopCleaner() {
        var opened = cleaner;
        if (opened != null) {
            BrokerFixture.get(opened.stop());
            opened.close();
        }
    }

    /** Cleans until nothing needs it. */
    private void clean() {
        var opened = cleaner == null ? cleaner(CONFIG) : cleaner;
        while (BrokerFixture.get(opened.cleanOne())) {
            assertThat(runs.get()).isLessThan(1_000);
        }
    }

    private HostedTopic topic(String name, Map<String, String> others) {
        var configs = new TreeMap<>(COMPACTED);
        configs.putAll(others);
        return broker.createTopic(name, 1, configs);
    }

    private long append(HostedTopic topic, ByteBuffer batch) {
        var answer = Requests.only(client.call(produce(topic, 0, ALL, batch), 9, ProduceResponse.class));
        assertThat(answer.errorCode()).isZero();
        return answer.baseOffset();
    }

    /** A batch of one record; without a value it is a tombstone. */
    private static ByteBuffer record(String key, @Nullable String value) {
        return record(new RecordBatchBuilder(1 << 20), key, value);
    }

    private static ByteBuffer record(RecordBatchBuilder builder, String key, @Nullable String value) {
        builder.append(TestClock.START_MILLIS, bytes(key), value == null ? null : bytes(value));
        return builder.build();
    }

    /** Every record as {@code offset key=value}. */
    private List<String> readAll(HostedTopic topic, long from) {
        var found = new ArrayList<String>();
        var next = from;
        while (true) {
            var partition = read(topic, next);
            assertThat(partition.errorCode()).isZero();
            var batches = Requests.batches(partition);
            if (batches.isEmpty()) {
                return found;
            }
            for (var record : Requests.records(partition)) {
                if (record.offset() >= from) {
                    var value = record.value() == null ? "null" : text(record.value());
                    found.add(record.offset() + " " + text(Objects.requireNonNull(record.key())) + "=" + value);
                }
            }
            next = batches.get(batches.size() - 1).nextOffset();
        }
    }

    private FetchResponse.Partition read(HostedTopic topic, long offset) {
        return Requests.only(client.call(
                fetch(fetchTopic(topic, fetchPartition(0, offset))).build(), 12, FetchResponse.class));
    }

    private static List<String> keys(List<String> records) {
        return records.stream()
                .map(record -> record.substring(record.indexOf(' ') + 1, record.indexOf('=')))
                .toList();
    }

    /** Pushes what was appended before out of the segment that is appended to. */
    private void closeSegment(HostedTopic topic) {
        append(topic, record("filler", "x".repeat(200)));
        append(topic, record("filler", "x".repeat(200)));
    }

    @Test
    void theLastRecordOfEachKeyStaysAtItsOffset() {
        var topic = topic("table", Map.of());
        for (var i = 0; i < 40; i++) {
            append(topic, record("key " + i % 4, "value " + i));
        }
        closeSegment(topic);

        clean();

        assertThat(readAll(topic, 0).subList(0, 4))
                .containsExactly("36 key 0=value 36", "37 key 1=value 37", "38 key 2=value 38", "39 key 3=value 39");
        assertThat(readAll(topic, 38).get(0)).isEqualTo("38 key 2=value 38");
        assertThat(readAll(topic, 20)).isEqualTo(readAll(topic, 0));
    }

    @Test
    void cleaningGoesOnWhereItEnded() {
        var topic = topic("table", Map.of());
        for (var round = 0; round < 5; round++) {
            for (var i = 0; i < 10; i++) {
                append(topic, record("key " + i % 3, "value " + round + i));
            }
            closeSegment(topic);
            clean();
        }

        assertThat(keys(readAll(topic, 0))).containsExactly("key 1", "key 2", "key 0", "filler", "filler");
    }

    @Test
    void whatWasCleanedIsNotCleanedAgain() {
        var topic = topic("table", Map.of());
        append(topic, record("key", "value"));
        closeSegment(topic);
        clean();
        var before = runs.get();

        clean();

        assertThat(before).isPositive();
        assertThat(runs.get()).isEqualTo(before);
        broker.restart(true, List.of(topic));
        stopCleaner();
        cleaner = null;
        clean();
        assertThat(runs.get()).isEqualTo(before);
    }

    @Test
    void aLogWithMoreKeysThanThereIsMemoryForIsCleanedInPasses() {
        cleaner(new CleanerConfig(1, 20L * 24, 0.9, 400, Double.MAX_VALUE, 1_000));
        var topic = topic("table", Map.of());
        for (var i = 0; i < 120; i++) {
            append(topic, record("key " + i % 60, "value " + i));
        }
        closeSegment(topic);

        clean();

        assertThat(runs.get()).isGreaterThan(3);
        assertThat(keys(readAll(topic, 0)).subList(0, 60)).doesNotHaveDuplicates();
    }

    @Test
    void tombstonesStayForAsLongAsTheyShould() {
        var topic = topic("table", Map.of("delete.retention.ms", "1000"));
        append(topic, record("gone", "value"));
        append(topic, record("gone", null));
        closeSegment(topic);
        clean();
        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 gone=null");

        broker.clock.set(TestClock.START_MILLIS + 999);
        closeSegment(topic);
        clean();
        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 gone=null");
        broker.clock.set(TestClock.START_MILLIS + 1000);
        closeSegment(topic);
        clean();

        assertThat(keys(readAll(topic, 0))).doesNotContain("gone");
    }

    @Test
    void compressionStays() {
        var topic = topic("table", Map.of());
        for (var compression : Compression.values()) {
            var builder = new RecordBatchBuilder(1 << 20).compression(compression);
            builder.append(TestClock.START_MILLIS, bytes("old"), bytes("1"));
            builder.append(TestClock.START_MILLIS, bytes(compression.name()), bytes("2"));
            append(topic, builder.build());
        }
        closeSegment(topic);

        clean();

        var batches = Requests.batches(read(topic, 0));
        for (var compression : List.of(Compression.values()).subList(0, Compression.values().length - 1)) {
            var batch = batches.remove(0);
            assertThat(batch.compression()).isEqualTo(compression);
            assertThat(batch.recordsCount()).isEqualTo(1);
            assertThat(batch.crcIsValid()).isTrue();
        }
    }

    @Test
    void aProducerGoesOnWhereItWasThoughItsRecordsAreGone() {
        var topic = topic("table", Map.of());
        append(topic, record(new RecordBatchBuilder(1 << 20).producer(7, (short) 0, 0), "key", "first"));
        var last = append(topic, record(new RecordBatchBuilder(1 << 20).producer(7, (short) 0, 1), "key", "second"));
        append(topic, record("key", "third"));
        closeSegment(topic);
        clean();
        assertThat(readAll(topic, 0).get(0)).isEqualTo("2 key=third");

        broker.restart(false, List.of(topic));
        client = broker.client();

        assertThat(append(topic, record(new RecordBatchBuilder(1 << 20).producer(7, (short) 0, 1), "key", "second")))
                .isEqualTo(last);
        append(topic, record(new RecordBatchBuilder(1 << 20).producer(7, (short) 0, 2), "key", "fourth"));
        var gap =
                produce(topic, 0, ALL, record(new RecordBatchBuilder(1 << 20).producer(7, (short) 0, 9), "key", "gap"));
        assertThat(Requests.only(client.call(gap, 9, ProduceResponse.class)).errorCode())
                .isEqualTo(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER.code());
    }

    @Test
    void youngRecordsAreLeftAlone() {
        var topic = topic("table", Map.of("min.compaction.lag.ms", "1000"));
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);
        broker.clock.set(TestClock.START_MILLIS + 999);

        clean();
        assertThat(keys(readAll(topic, 0))).startsWith("key", "key");
        broker.clock.set(TestClock.START_MILLIS + 1000);
        clean();

        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=2");
    }

    @Test
    void aQuietLogIsCompactedWhenItHasWaitedLongEnough() {
        var topic = topic("table", Map.of("max.compaction.lag.ms", "1000", "min.cleanable.dirty.ratio", "1"));
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        broker.clock.set(TestClock.START_MILLIS + 1000);
        clean();
        assertThat(readAll(topic, 0)).hasSize(2);

        broker.clock.set(TestClock.START_MILLIS + 1001);
        clean();

        assertThat(readAll(topic, 0)).containsExactly("1 key=2");
    }

    @Test
    void aLogIsCleanedOnceItIsDirtyEnough() {
        var topic = topic("table", Map.of());
        for (var i = 0; i < 20; i++) {
            append(topic, record("key " + i, "value"));
        }
        closeSegment(topic);
        clean();
        var configs = new TreeMap<>(COMPACTED);
        configs.put("min.cleanable.dirty.ratio", "0.5");
        broker.configure(topic, configs);
        var before = runs.get();

        append(topic, record("key 0", "again"));
        closeSegment(topic);
        clean();

        assertThat(runs.get()).isEqualTo(before);
        for (var i = 0; i < 20; i++) {
            append(topic, record("key " + i, "again"));
        }
        closeSegment(topic);
        clean();
        assertThat(runs.get()).isGreaterThan(before);
    }

    @Test
    void topicsThatAreNotCompactedAreLeftAlone() {
        var topic = topic("orders", Map.of("cleanup.policy", "delete"));
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);

        clean();

        assertThat(runs.get()).isZero();
        assertThat(readAll(topic, 0)).hasSize(4);
    }

    @Test
    void recordsWithoutAKeyGoWhenATopicBecomesCompacted() {
        var topic = topic("orders", Map.of("cleanup.policy", "delete"));
        var builder = new RecordBatchBuilder(1 << 20);
        builder.append(TestClock.START_MILLIS, null, bytes("no key"));
        builder.append(TestClock.START_MILLIS, bytes("key"), bytes("value"));
        append(topic, builder.build());
        closeSegment(topic);

        clean(broker.configure(topic, COMPACTED));

        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=value");
    }

    private void clean(HostedTopic unused) {
        clean();
    }

    @Test
    void aBatchWithMoreKeysThanThereIsMemoryForStopsItsLogAndNoOther() {
        var opened = cleaner(new CleanerConfig(1, 20L * 24, 0.9, 400, Double.MAX_VALUE, 1_000));
        var broad = topic("broad", Map.of("internal.segment.bytes", "600"));
        var builder = new RecordBatchBuilder(1 << 20);
        for (var i = 0; i < 30; i++) {
            builder.append(TestClock.START_MILLIS, bytes("" + i), null);
        }
        append(broad, builder.build());
        closeSegment(broad);
        var topic = topic("table", Map.of());
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);

        clean();

        assertThat(opened.uncleanableCount()).isEqualTo(1);
        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=2");
        broker.leadAgain(broad);
        while (BrokerFixture.get(opened.cleanOne())) {
            assertThat(opened.uncleanableCount()).isEqualTo(1);
        }
    }

    @Test
    void aLogWhoseCheckpointsAreOutOfReachStopsNoOther() {
        var broken = topic("broken", Map.of());
        append(broken, record("key", "1"));
        closeSegment(broken);
        var topic = topic("table", Map.of());
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);
        broker.engine().throwOnCheckpoints("broken");

        clean();

        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=2");
    }

    @Test
    void aLogThatDoesNotSayWhatItHasStopsNoOther() {
        broker.engine().refuseRolls();
        var opened = cleaner(CONFIG);
        var broken = topic("broken", Map.of());
        append(broken, record("key", "1"));
        closeSegment(broken);
        var topic = topic("table", Map.of());
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);
        broker.engine().throwOnSegments("broken");

        clean();

        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=2");
        assertThat(opened.uncleanableCount()).isEqualTo(1);
    }

    /** A thread that dies after so many tasks. */
    private static final class MortalWorkers implements Workers {

        private final AtomicInteger left;
        private final CompletableFuture<Void> death = new CompletableFuture<>();

        MortalWorkers(int tasks) {
            left = new AtomicInteger(tasks);
        }

        @Override
        public Pool start(String name, int threads) {
            var pool = new ThreadWorkers("mortal-").start(name, 1);
            return new Pool() {
                @Override
                public void execute(Runnable task) {
                    pool.execute(() -> {
                        if (left.getAndDecrement() > 0) {
                            task.run();
                        } else {
                            death.complete(null);
                        }
                    });
                }

                @Override
                public void close() {
                    pool.close();
                }
            };
        }
    }

    @Test
    void theCleanerMayDieAtEachOfItsSteps() {
        var isThrough = false;
        for (var steps = 0; !isThrough; steps++) {
            var topic = topic("table-" + steps, Map.of());
            for (var i = 0; i < 12; i++) {
                append(topic, record("key " + i % 5, "value " + i));
            }
            closeSegment(topic);
            var all = readAll(topic, 0);
            var workers = new MortalWorkers(steps);
            var mortal = cleaner(CONFIG, workers);

            var cleaned = mortal.cleanOne().toCompletableFuture();
            BrokerFixture.get(CompletableFuture.anyOf(cleaned, workers.death));

            isThrough = !workers.death.isDone();
            broker.restart(false, List.of(topic));
            client = broker.client();
            var lastOnes = List.of(
                    "7 key 2=value 7", "8 key 3=value 8", "9 key 4=value 9", "10 key 0=value 10", "11 key 1=value 11");
            assertThat(all).containsAll(readAll(topic, 0));
            assertThat(readAll(topic, 0)).containsAll(lastOnes);
            mortal.close();
            cleaner = null;
            clean();
            assertThat(readAll(topic, 0).subList(0, 5)).isEqualTo(lastOnes);
            stopCleaner();
            cleaner = null;
            assertThat(steps).isLessThan(500);
        }
    }

    /** A cleaner that ends as it is about to take its step of this number, and a broker that starts anew. */
    private boolean cleanForSteps(int steps, HostedTopic topic) {
        var workers = new MortalWorkers(steps);
        var mortal = cleaner(CONFIG, workers);
        var cleaned = mortal.cleanOne().toCompletableFuture();
        BrokerFixture.get(CompletableFuture.anyOf(cleaned, workers.death));
        var isDead = workers.death.isDone();
        broker.restart(false, List.of(topic));
        client = broker.client();
        mortal.close();
        cleaner = null;
        return !isDead && !BrokerFixture.get(cleaned);
    }

    @Test
    void aCleanerThatNeverGetsThroughALogHasCleanedItInTheEnd() {
        var topic = topic("table", Map.of());
        for (var i = 0; i < 60; i++) {
            append(topic, record("key " + i, "x".repeat(40)));
        }
        closeSegment(topic);
        clean();
        stopCleaner();
        cleaner = null;
        var cleanSegments = 30;
        for (var i = 0; i < 60; i += 5) {
            append(topic, record("key " + i, "again"));
        }
        closeSegment(topic);
        var lives = 0;

        // To learn the few dirty segments and write two groups or so anew.
        while (!cleanForSteps(20, topic)) {
            lives++;
            assertThat(lives).isLessThan(3 * cleanSegments);
        }

        assertThat(lives).isGreaterThan(5);
        assertThat(keys(readAll(topic, 0)).stream().filter(key -> !key.equals("filler")))
                .hasSize(60)
                .doesNotHaveDuplicates();
    }

    /** What tables and their tombstones have to be, whatever part of them was compacted when. */
    private final class Model {

        private static final long RETENTION_MILLIS = 1_000;

        private final HostedTopic topic;
        private final TreeMap<String, String> values = new TreeMap<>();
        private final TreeMap<Long, Long> tombstones = new TreeMap<>();
        private final TreeMap<String, Long> lastOffsets = new TreeMap<>();
        private long now = TestClock.START_MILLIS;

        Model(HostedTopic topic) {
            this.topic = topic;
        }

        void put(String key, @Nullable String value) {
            var offset = append(topic, record(key, value));
            tombstones.remove(lastOffsets.getOrDefault(key, -1L));
            lastOffsets.put(key, offset);
            if (value == null) {
                values.remove(key);
                tombstones.put(offset, now);
            } else {
                values.put(key, value);
            }
        }

        void pass(long millis) {
            now += millis;
            broker.clock.set(now);
        }

        void check() {
            var found = new TreeMap<String, String>();
            var offsets = new ArrayList<Long>();
            for (var record : readAll(topic, 0)) {
                var key = keys(List.of(record)).get(0);
                var value = record.substring(record.indexOf('=') + 1);
                offsets.add(Long.parseLong(record.substring(0, record.indexOf(' '))));
                if (value.equals("null")) {
                    found.remove(key);
                } else {
                    found.put(key, value);
                }
            }
            assertThat(found).isEqualTo(values);
            tombstones
                    .headMap(Long.MAX_VALUE)
                    .forEach((offset, since) -> assertThat(now >= since + RETENTION_MILLIS || offsets.contains(offset))
                            .isTrue());
        }
    }

    @Test
    void noValueIsLostAndNoneComesBackWhereverCleanersEnd() {
        for (var seed = 1L; seed <= 5; seed++) {
            var random = new Random(seed);
            var topic = topic("table-" + seed, Map.of("delete.retention.ms", "" + Model.RETENTION_MILLIS));
            var model = new Model(topic);
            for (var life = 0; life < 12; life++) {
                var writes = random.nextInt(20);
                for (var i = 0; i < writes; i++) {
                    var key = "key " + random.nextInt(1 + random.nextInt(30));
                    model.put(key, random.nextInt(3) == 0 ? null : "value " + life + " " + i);
                }
                model.pass(random.nextInt(600));

                cleanForSteps(random.nextInt(60), topic);

                model.check();
            }
            closeSegment(topic);
            stopCleaner();
            cleaner = null;
            clean();
            var keys = keys(readAll(topic, 0));
            assertThat(keys.subList(0, keys.size() - 2)).as("seed %d", seed).doesNotHaveDuplicates();
            broker.giveUp(topic, 0);
            stopCleaner();
            cleaner = null;
        }
    }

    @Test
    void deletedRecordsStayDeleted() {
        var topic = topic("both", Map.of("cleanup.policy", "compact,delete"));
        for (var i = 0; i < 20; i++) {
            append(topic, record("key " + i, "value"));
        }
        closeSegment(topic);
        BrokerFixture.get(broker.shards()
                .hostOf(topic.partitions().get(0))
                .advanceStart(topic.partitions().get(0), 7));

        clean();

        assertThat(readAll(topic, 7).get(0)).isEqualTo("7 key 7=value");
        assertThat(read(topic, 6).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
    }

    /** A batch of records with the keys from one number to below another; without a value they are tombstones. */
    private static ByteBuffer records(int from, int to, @Nullable String value) {
        var builder = new RecordBatchBuilder(1 << 20);
        for (var i = from; i < to; i++) {
            builder.append(TestClock.START_MILLIS, bytes("key " + i), value == null ? null : bytes(value));
        }
        return builder.build();
    }

    @Test
    void aKeyThatTheMapHadNoRoomForDoesNotComeBack() {
        cleaner(new CleanerConfig(1, 170L * 24, 0.9, 1 << 20, Double.MAX_VALUE, 1_000));
        var batches = List.of(records(0, 100, "old"), records(50, 150, null));
        var segmentBytes = batches.stream().mapToInt(ByteBuffer::remaining).sum();
        var topic = topic(
                "table", Map.of("delete.retention.ms", "1000", "internal.segment.bytes", String.valueOf(segmentBytes)));
        batches.forEach(batch -> append(topic, batch));
        append(topic, records(1_000, 1_001, "x".repeat(segmentBytes / 2)));

        clean();

        assertThat(runs.get()).isEqualTo(2);
        assertThat(readAll(topic, 0)).hasSize(151).noneMatch(record -> record.endsWith("key 60=old"));
        broker.clock.set(TestClock.START_MILLIS + 1000);
        append(topic, records(1_000, 1_001, "x".repeat(segmentBytes / 2)));
        append(topic, records(1_000, 1_001, "x".repeat(segmentBytes / 2)));
        clean();
        assertThat(keys(readAll(topic, 0))).startsWith("key 0", "key 1").doesNotContain("key 60", "key 99", "key 149");
    }

    @Test
    void aLogThatStartsInsideALargeBatchIsCleaned() {
        var opened = cleaner(CONFIG);
        var large = records(0, 1_000, "old");
        var topic = topic("table", Map.of("internal.segment.bytes", String.valueOf(large.remaining())));
        append(topic, large);
        append(topic, records(997, 998, "x".repeat(large.remaining() / 2)));
        append(topic, records(2_000, 2_001, "x".repeat(large.remaining() / 2)));
        BrokerFixture.get(broker.shards()
                .hostOf(topic.partitions().get(0))
                .advanceStart(topic.partitions().get(0), 995));

        clean();

        assertThat(opened.uncleanableCount()).isZero();
        assertThat(keys(readAll(topic, 995)))
                .containsExactly("key 995", "key 996", "key 998", "key 999", "key 997", "key 2000");
    }

    @Test
    void aLogThatCannotBeRolledIsCleanedAllTheSame() {
        broker.engine().refuseRolls();
        var topic = topic("table", Map.of("max.compaction.lag.ms", "1000"));
        append(topic, record("key", "1"));
        append(topic, record("key", "2"));
        closeSegment(topic);
        broker.clock.set(TestClock.START_MILLIS + 1001);

        clean();

        assertThat(readAll(topic, 0).get(0)).isEqualTo("1 key=2");
    }

    @Test
    void aTopicMayBeDeletedAtEachStepOfItsCleaning() {
        var isThrough = false;
        for (var steps = 0; !isThrough; steps++) {
            var topic = topic("table-" + steps, Map.of());
            for (var i = 0; i < 12; i++) {
                append(topic, record("key " + i % 5, "value " + i));
            }
            closeSegment(topic);
            var before = new StepsBefore(steps, () -> {
                broker.giveUp(topic, 0);
                BrokerFixture.get(
                        broker.engine().delete(topic.partitions().get(0).id()));
            });
            var opened = cleaner(CONFIG, before);

            assertThat(BrokerFixture.get(opened.cleanOne())).isTrue();

            assertThat(opened.uncleanableCount()).isZero();
            isThrough = before.left.get() >= 0;
            broker.giveUp(topic, 0);
            stopCleaner();
            cleaner = null;
            assertThat(steps).isLessThan(500);
        }
    }

    /** A thread that does something before the task of a number. */
    private static final class StepsBefore implements Workers {

        private final AtomicInteger left;
        private final Runnable event;

        StepsBefore(int tasks, Runnable event) {
            this.left = new AtomicInteger(tasks);
            this.event = event;
        }

        @Override
        public Pool start(String name, int threads) {
            var pool = new ThreadWorkers("steps-").start(name, 1);
            return new Pool() {
                @Override
                public void execute(Runnable task) {
                    pool.execute(() -> {
                        if (left.getAndDecrement() == 0) {
                            event.run();
                        }
                        task.run();
                    });
                }

                @Override
                public void close() {
                    pool.close();
                }
            };
        }
    }
}
