package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus' view of a server that Kafka's clients use. */
final class MetricsTest {

    private static final String TOPIC = "flights";
    private static final int PARTITIONS = 3;
    private static final int ROUNDS = 5;
    private static final int RECORDS_PER_ROUND = 200;
    private static final int VALUE_BYTES = 100;

    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @Timeout(value = 4, unit = TimeUnit.MINUTES)
    void whatIsScrapedAddsUpToWhatTheClientsDid(@TempDir Path directory) throws Exception {
        try (var server = ServerProcess.start(directory.resolve("data"), "--set", "metrics.listen=127.0.0.1:0")) {
            var bootstrap = server.wordAfter("Thalweg ready on");
            var url = URI.create(server.wordAfter("Thalweg metrics on"));
            try (var admin = Admin.create(Map.<String, Object>of("bootstrap.servers", bootstrap))) {
                admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
                        .all()
                        .get();

                produceAndConsume(bootstrap, url);
                admin.deleteTopics(List.of(TOPIC)).all().get();

                assertThat(scrape(url).mentions(TOPIC)).isFalse();
                assertThat(scrape(url).value("thalweg_partitions_led")).isZero();
            }

            assertThat(server.stop()).isEqualTo("Thalweg stopped");
            assertThat(server.exitCode()).isZero();
        }
    }

    private void produceAndConsume(String bootstrap, URI url) throws Exception {
        try (var producer = producer(bootstrap);
                var consumer = consumer(bootstrap)) {
            for (var round = 1; round <= ROUNDS; round++) {
                produce(producer);
                consume(consumer, RECORDS_PER_ROUND);
                checkTraffic(scrape(url), round * RECORDS_PER_ROUND);
            }
            checkConnections(scrape(url));
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> checkRequests(scrape(url)));
    }

    private static void produce(KafkaProducer<byte[], byte[]> producer) throws Exception {
        List<Future<?>> sent = new ArrayList<>();
        for (var i = 0; i < RECORDS_PER_ROUND; i++) {
            sent.add(producer.send(new ProducerRecord<>(TOPIC, i % PARTITIONS, null, new byte[VALUE_BYTES])));
        }
        for (var each : sent) {
            each.get();
        }
    }

    private static void checkTraffic(PrometheusText shown, int records) {
        var bytesIn = shown.value("thalweg_topic_bytes_in_total{topic=\"" + TOPIC + "\"}");
        assertThat(shown.value("thalweg_topic_records_in_total{topic=\"" + TOPIC + "\"}"))
                .isEqualTo(records);
        assertThat(bytesIn).isGreaterThan((double) records * VALUE_BYTES);
        // A reader may ask for the same batch twice.
        assertThat(shown.value("thalweg_topic_bytes_out_total{topic=\"" + TOPIC + "\"}"))
                .isGreaterThanOrEqualTo(bytesIn);
        assertThat(shown.sum("thalweg_request_size_bytes_sum")).isGreaterThan(bytesIn);
    }

    private static void checkConnections(PrometheusText shown) {
        assertThat(shown.value("thalweg_connections{listener=\"PLAINTEXT\"}")).isGreaterThanOrEqualTo(2);
        assertThat(shown.value("thalweg_connections_refused_total{listener=\"PLAINTEXT\"}"))
                .isZero();
        assertThat(shown.value("thalweg_partitions_led")).isEqualTo(PARTITIONS);
        assertThat(shown.value("thalweg_partitions_offline")).isZero();
    }

    /** With producer and consumer gone, what was asked has been answered, and nothing waits. */
    private static void checkRequests(PrometheusText shown) {
        for (var api : List.of("Produce", "Fetch", "CreateTopics")) {
            var answered = shown.value("thalweg_request_latency_seconds_count{api=\"" + api + "\"}");
            assertThat(answered).as(api).isGreaterThan(0);
            assertThat(shown.value("thalweg_request_size_bytes_count{api=\"" + api + "\"}"))
                    .as(api)
                    .isEqualTo(answered);
            assertThat(shown.value("thalweg_request_latency_seconds_bucket{api=\"" + api + "\",le=\"+Inf\"}"))
                    .as(api)
                    .isEqualTo(answered);
        }
        assertThat(shown.value("thalweg_response_size_bytes_sum{api=\"Fetch\"}"))
                .isGreaterThanOrEqualTo(shown.value("thalweg_topic_bytes_out_total{topic=\"" + TOPIC + "\"}"));
        assertThat(shown.sum("thalweg_shard_append_seconds_count")).isGreaterThan(0);
        assertThat(shown.sum("thalweg_shard_commit_seconds_count"))
                .isEqualTo(shown.sum("thalweg_shard_append_seconds_count"));
        assertThat(shown.value("thalweg_fetches_waiting")).isZero();
        assertThat(shown.sum("thalweg_shard_unsynced_age_seconds")).isZero();
        assertThat(shown.sum("thalweg_shard_ring_slots")).isGreaterThan(0);
        assertThat(shown.sum("jvm_memory_used_bytes")).isGreaterThan(0);
    }

    private PrometheusText scrape(URI url) throws Exception {
        var request =
                HttpRequest.newBuilder(url).timeout(Duration.ofSeconds(30)).build();
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new PrometheusText(answer.body());
    }

    private static void consume(KafkaConsumer<byte[], byte[]> consumer, int records) {
        var left = records;
        while (left > 0) {
            left -= consumer.poll(Duration.ofSeconds(5)).count();
        }
        assertThat(left).isZero();
    }

    private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
        var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.assign(IntStream.range(0, PARTITIONS)
                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                .toList());
        return consumer;
    }
}
