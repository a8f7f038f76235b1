package io.thalweg.integration.processes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 again and again while a log is written and compacted: the last value of each key that was acknowledged is there. In the long run
 * others are written and cut by retention at the same time: of these everything that was acknowledged and not dropped is there, once, in
 * order.
 */
final class CompactionKillTest {

    private static final TopicPartition TABLE = new TopicPartition("table", 0);
    private static final long KEYS = 50;
    private static final int ACKNOWLEDGED_PER_ROUND = 500;

    /** Who has not moved on for so long does not. */
    private static final Duration STALL_LIMIT = Duration.ofSeconds(60);

    /** By key, the last value that was acknowledged; values of a key ascend. */
    private final ConcurrentSkipListMap<Long, Long> acknowledged = new ConcurrentSkipListMap<>();

    private final AtomicLong count = new AtomicLong();

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void lastValuesSurviveSixKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (var broker = start(directory)) {
            killRounds(broker, directory, 6);
        }
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void lastValuesAndWhatRetentionKeepsSurviveTwoHundredKills(
            @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory) throws Exception {
        try (var broker = start(directory)) {
            var kept = Map.of("internal.segment.bytes", "8192", "retention.bytes", "50000");
            var ledger = LedgerLoad.begin(broker.bootstrap(), 1, kept);
            killRounds(broker, directory, 200);
            ledger.awaitMore(10_000);
            ledger.endAndCheckTheRest();
        }
    }

    /** The cleaner and retention rest little, and the cleaner is slow enough to be killed at work. */
    private static BrokerProcess start(Path directory) throws IOException {
        return BrokerProcess.start(
                directory.resolve("data"),
                "log.cleaner.backoff.ms=20",
                "log.retention.check.interval.ms=20",
                "log.cleaner.io.max.bytes.per.second=4000000");
    }

    private void killRounds(BrokerProcess broker, Path directory, int rounds) throws Exception {
        var random = new Random(20_261_121);
        create(broker.bootstrap());
        var stop = new AtomicBoolean();
        var load = new Thread(() -> produce(broker.bootstrap(), stop), "load");
        load.start();
        for (var round = 0; round < rounds; round++) {
            var wanted = count.get() + 1 + random.nextInt(ACKNOWLEDGED_PER_ROUND);
            await().atMost(Duration.ofSeconds(60)).until(() -> count.get() >= wanted);
            broker.killAndRestart();
        }
        stop.set(true);
        load.join();
        check(readAll(broker.bootstrap()));
        awaitCompaction(broker.bootstrap(), directory.resolve("data").resolve(TABLE.toString()));
        check(readAll(broker.bootstrap()));
    }

    /** However long it takes, as long as the cleaner moves on: nothing else changes the files of a table that nobody writes to. */
    private void awaitCompaction(String bootstrap, Path table) throws IOException {
        while (readAll(bootstrap).size() >= count.get() / 2) {
            var before = filesOf(table);
            await("the cleaner moves on")
                    .atMost(STALL_LIMIT)
                    .until(() -> !filesOf(table).equals(before));
        }
    }

    /**
     * The files of a log by name, each with what tells one state of it from another: the cleaner notes each step in one, or replaces
     * segments.
     */
    private static Map<Path, String> filesOf(Path table) throws IOException {
        var files = new TreeMap<Path, String>();
        try (var paths = Files.list(table)) {
            for (var path : (Iterable<Path>) paths::iterator) {
                stateOf(path).ifPresent(state -> files.put(path, state));
            }
        }
        return files;
    }

    /** Empty if the file has gone since it was listed. */
    private static Optional<String> stateOf(Path path) throws IOException {
        try {
            var name = path.getFileName().toString();
            return Optional.of(name.contains("cleaner") ? Files.readString(path, ISO_8859_1) : "" + Files.size(path));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static void create(String bootstrap) throws Exception {
        var configs = Map.of(
                "cleanup.policy", "compact", "internal.segment.bytes", "4096", "min.cleanable.dirty.ratio", "0.3");
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TABLE.topic(), 1, (short) 1).configs(configs)))
                    .all()
                    .get();
        }
    }

    private void produce(String bootstrap, AtomicBoolean stop) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "1",
                "batch.size", "512",
                "buffer.memory", "65536",
                "reconnect.backoff.max.ms", "100",
                "retry.backoff.max.ms", "100");
        try (var producer = new KafkaProducer<>(settings, new LongSerializer(), new LongSerializer())) {
            for (var value = 0L; !stop.get(); value++) {
                var record = new ProducerRecord<>(TABLE.topic(), value % KEYS, value);
                var unused = producer.send(record, (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.merge(record.key(), record.value(), Math::max);
                        count.incrementAndGet();
                    }
                });
            }
        }
    }

    private void check(List<ConsumerRecord<Long, Long>> records) {
        assertThat(records).extracting(ConsumerRecord::value).isSorted().doesNotHaveDuplicates();
        var last = new ConcurrentSkipListMap<Long, Long>();
        for (var record : records) {
            assertThat(record.value() % KEYS).isEqualTo(record.key());
            last.put(record.key(), record.value());
        }
        acknowledged.forEach((key, value) ->
                assertThat(last.get(key)).as("last value of key %d", key).isGreaterThanOrEqualTo(value));
    }

    private static List<ConsumerRecord<Long, Long>> readAll(String bootstrap) {
        var records = new ArrayList<ConsumerRecord<Long, Long>>();
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new LongDeserializer(),
                new LongDeserializer())) {
            consumer.assign(List.of(TABLE));
            consumer.seekToBeginning(List.of(TABLE));
            var end = consumer.endOffsets(List.of(TABLE)).get(TABLE);
            while (consumer.position(TABLE) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
