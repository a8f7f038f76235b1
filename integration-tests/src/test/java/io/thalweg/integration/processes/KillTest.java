package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 again and again under an idempotent producer: what was acknowledged is there, once, in order. */
final class KillTest {

    private static final String TOPIC = "ledger";
    private static final int PARTITIONS = 3;
    private static final int ACKNOWLEDGED_PER_ROUND = 300;

    /** What a producer was told about one record. */
    private record Acknowledged(int partition, long offset, long value) {}

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTwentyKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        killRounds(directory, 20);
    }

    @Test
    @Tag("slow")
    @Timeout(value = 60, unit = TimeUnit.MINUTES)
    void acknowledgedRecordsSurviveTwoHundredKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        killRounds(directory, 200);
    }

    private static void killRounds(Path directory, int rounds) throws Exception {
        var random = new Random(20_261_121);
        var acknowledged = new ConcurrentLinkedQueue<Acknowledged>();
        try (var broker = BrokerProcess.start(directory.resolve("data"))) {
            create(broker.bootstrap());
            var stop = new AtomicBoolean();
            var load = new Thread(() -> produce(broker.bootstrap(), acknowledged, stop), "load");
            load.start();
            for (var round = 0; round < rounds; round++) {
                var wanted = acknowledged.size() + 1 + random.nextInt(ACKNOWLEDGED_PER_ROUND);
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> acknowledged.size() >= wanted);
                broker.killAndRestart();
            }
            stop.set(true);
            load.join();
            check(readAll(broker.bootstrap()), List.copyOf(acknowledged));
        }
    }

    private static void produce(
            String bootstrap, ConcurrentLinkedQueue<Acknowledged> acknowledged, AtomicBoolean stop) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "1",
                "batch.size", "512",
                "reconnect.backoff.max.ms", "100",
                "retry.backoff.max.ms", "100");
        try (var producer = new KafkaProducer<>(settings, new LongSerializer(), new LongSerializer())) {
            for (var value = 0L; !stop.get(); value++) {
                var sent = value;
                var unused = producer.send(
                        new ProducerRecord<>(TOPIC, (int) (value % PARTITIONS), value, value), (metadata, failure) -> {
                            if (failure == null) {
                                acknowledged.add(new Acknowledged(metadata.partition(), metadata.offset(), sent));
                            }
                        });
            }
        }
    }

    private static void check(
            Map<TopicPartition, List<ConsumerRecord<Long, Long>>> read, List<Acknowledged> acknowledged) {
        var values = new HashSet<Long>();
        read.forEach((partition, records) -> {
            for (var i = 0; i < records.size(); i++) {
                assertThat(records.get(i).offset())
                        .as("offset in %s", partition)
                        .isEqualTo(i);
                assertThat(values.add(records.get(i).value()))
                        .as("value %d is in %s only once", records.get(i).value(), partition)
                        .isTrue();
            }
            assertThat(records)
                    .extracting(ConsumerRecord::value)
                    .as("order in %s", partition)
                    .isSorted();
        });
        for (var each : acknowledged) {
            var records = read.get(new TopicPartition(TOPIC, each.partition()));
            assertThat(each.offset()).as("acknowledged offset is below the end").isLessThan(records.size());
            assertThat(records.get((int) each.offset()).value()).as("%s", each).isEqualTo(each.value());
        }
    }

    private static Map<TopicPartition, List<ConsumerRecord<Long, Long>>> readAll(String bootstrap) {
        var partitions =
                List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1), new TopicPartition(TOPIC, 2));
        var read = new HashMap<TopicPartition, List<ConsumerRecord<Long, Long>>>();
        partitions.forEach(partition -> read.put(partition, new ArrayList<>()));
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new LongDeserializer(),
                new LongDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    read.get(new TopicPartition(record.topic(), record.partition()))
                            .add(record);
                }
            }
        }
        return read;
    }

    private static void create(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }
}
