package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.Isolation;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
final class KafkaSdkTest extends GroupSuite {

    private static final Serde<String> TEXT = Serde.string();
    private static final ReaderConfig COMMITTED =
            ReaderConfig.builder().isolation(Isolation.READ_COMMITTED).build();

    @Override
    Cluster start(Path directory) throws Exception {
        return Cluster.kafka(directory);
    }

    private KafkaProducer<String, String> transactional(String id) {
        var config = Map.<String, Object>of("bootstrap.servers", cluster().bootstrap(), "transactional.id", id);
        var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
        producer.initTransactions();
        return producer;
    }

    private static void send(KafkaProducer<String, String> producer, String topic, String... values) {
        for (var value : values) {
            var unused = producer.send(new ProducerRecord<>(topic, value));
        }
        producer.flush();
    }

    @Test
    void whatTransactionsAbortedIsNotReadNorWhatIsOpen() {
        var topic = topic(1);
        var partition = new TopicPartition(topic, 0);
        try (var one = transactional("one-" + topic);
                var other = transactional("other-" + topic);
                var reader = client().reader(TEXT, TEXT, COMMITTED)) {
            one.beginTransaction();
            send(one, topic, "aborted-1", "aborted-2");
            other.beginTransaction();
            send(other, topic, "committed-1");
            one.abortTransaction();
            send(other, topic, "committed-2");
            other.commitTransaction();
            one.beginTransaction();
            send(one, topic, "open");
            other.beginTransaction();
            send(other, topic, "behind-the-open-one");
            other.commitTransaction();

            await(reader.assign(Map.of(partition, StartPosition.BEGINNING)));
            assertThat(Topics.read(reader, 2))
                    .extracting(each -> each.value())
                    .containsExactly("committed-1", "committed-2");
            assertThat(reader.poll(Duration.ofSeconds(2))).isEmpty();
            await(reader.seek(partition, StartPosition.END));
            one.commitTransaction();
            assertThat(Topics.read(reader, 2))
                    .extracting(each -> each.value())
                    .containsExactly("open", "behind-the-open-one");
        }

        assertThat(Topics.read(client(), topic, 1, 6, TEXT, TEXT))
                .extracting(each -> each.value())
                .containsExactlyInAnyOrder(
                        "aborted-1", "aborted-2", "committed-1", "committed-2", "open", "behind-the-open-one");
    }

    @Test
    void membersOfGroupsReadWhatIsCommitted() {
        var topic = topic(1);
        try (var producer = transactional("group-" + topic)) {
            for (int i = 0; i < 20; i++) {
                producer.beginTransaction();
                send(producer, topic, "value-" + i);
                if (i % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        var subscription = Subscription.builder("group-of-" + topic, TEXT, TEXT, topic)
                .reader(COMMITTED)
                .build();

        var values = new ArrayList<String>();
        try (var consumer = client().consumer(subscription)) {
            await("ten records")
                    .atMost(Duration.ofSeconds(60))
                    .pollInSameThread()
                    .until(() -> {
                        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
                        return values.size() >= 10;
                    });
            assertThat(consumer.poll(Duration.ofSeconds(1))).isEmpty();
        }

        assertThat(values)
                .isEqualTo(List.of(
                        "value-0",
                        "value-2",
                        "value-4",
                        "value-6",
                        "value-8",
                        "value-10",
                        "value-12",
                        "value-14",
                        "value-16",
                        "value-18"));
    }
}
