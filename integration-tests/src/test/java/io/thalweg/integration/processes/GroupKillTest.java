package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 under a consumer group: a member goes on as if nothing had happened, and what was committed is. */
final class GroupKillTest {

    private static final String TOPIC = "orders";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final long PER_ROUND = 50;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void committedOffsetsAndMembersSurviveKills(@TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
            throws Exception {
        try (var broker = BrokerProcess.start(directory.resolve("data"))) {
            create(broker.bootstrap());
            try (var consumer = consumer(broker.bootstrap())) {
                consumer.subscribe(List.of(TOPIC));
                for (var round = 0; round < 5; round++) {
                    produce(broker.bootstrap(), round * PER_ROUND);
                    readRound(consumer, round * PER_ROUND);
                    consumer.commitSync();
                    broker.killAndRestart();
                    assertThat(committed(broker.bootstrap())).isEqualTo((round + 1) * PER_ROUND);
                }
                // Finds the coordinator again, so that the member can leave; else its successor waits for its session
                // to end.
                consumer.commitSync();
            }
            produce(broker.bootstrap(), 5 * PER_ROUND);
            try (var successor = consumer(broker.bootstrap())) {
                successor.subscribe(List.of(TOPIC));
                readRound(successor, 5 * PER_ROUND);
            }
        }
    }

    private static void readRound(KafkaConsumer<Long, Long> consumer, long first) {
        var read = new ArrayList<Long>();
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            consumer.poll(Duration.ofMillis(100)).forEach(record -> read.add(record.value()));
            return read.size() >= PER_ROUND;
        });
        assertThat(read).hasSize((int) PER_ROUND).startsWith(first).isSorted();
    }

    private static KafkaConsumer<Long, Long> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "group.id", "group",
                        "enable.auto.commit", "false",
                        "auto.offset.reset", "earliest",
                        "session.timeout.ms", "60000",
                        "reconnect.backoff.max.ms", "100"),
                new LongDeserializer(),
                new LongDeserializer());
    }

    private static void produce(String bootstrap, long first) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap), new LongSerializer(), new LongSerializer())) {
            for (var value = first; value < first + PER_ROUND; value++) {
                var unused = producer.send(new ProducerRecord<>(TOPIC, 0, value, value));
            }
        }
    }

    private static long committed(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            return admin.listConsumerGroupOffsets("group")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .get(PARTITION)
                    .offset();
        }
    }

    private static void create(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }
}
