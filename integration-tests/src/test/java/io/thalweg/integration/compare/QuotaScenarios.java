package io.thalweg.integration.compare;

import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.message.ApiVersionsRequest;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** What Kafka's client feels of its quota. The broker measures over two windows of a second, so that it feels it soon. */
final class QuotaScenarios {

    /** Two and a half times what a second of the quota allows. */
    static final int BATCHES = 25;

    static final int BATCH_BYTES = 10_000;
    static final int BYTES_PER_SECOND = 100_000;
    private static final int MAX_CONNECTIONS = 1_000;

    private static final String TOPIC = "quotas";

    private QuotaScenarios() {}

    /**
     * What a client has felt.
     *
     * @param seconds how long it took to send or read all batches
     * @param maxThrottleMillis the longest wait that an answer told it of
     */
    record Felt(double seconds, double maxThrottleMillis) {}

    static void set(String bootstrap, String clientId, String key, double value) throws Exception {
        var entity = new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, clientId));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.alterClientQuotas(List.of(
                            new ClientQuotaAlteration(entity, List.of(new ClientQuotaAlteration.Op(key, value)))))
                    .all()
                    .get();
        }
    }

    /**
     * Has the broker take a connection a second of this machine, and connects until it is refused; afterwards all may connect again.
     *
     * @return whether that has come
     */
    static boolean refusesConnections(String bootstrap) throws Exception {
        var here = new ClientQuotaEntity(Map.of(ClientQuotaEntity.IP, "127.0.0.1"));
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            alter(admin, here, 1.0);
            var isRefused = false;
            for (var attempt = 0; attempt < MAX_CONNECTIONS && !isRefused; attempt++) {
                isRefused = !answers(bootstrap);
            }
            alter(admin, here, null);
            return isRefused;
        }
    }

    private static void alter(Admin admin, ClientQuotaEntity entity, @Nullable Double perSecond) throws Exception {
        var change = new ClientQuotaAlteration.Op("connection_creation_rate", perSecond);
        admin.alterClientQuotas(List.of(new ClientQuotaAlteration(entity, List.of(change))))
                .all()
                .get();
    }

    /** One that is refused is closed after a second at most. */
    private static boolean answers(String bootstrap) throws IOException {
        try (var client = RawClient.connect(bootstrap)) {
            client.ask(ApiVersionsRequest.builder().build(), 0);
            return true;
        } catch (EOFException | SocketException e) {
            return false;
        }
    }

    static void createTopic(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
    }

    static Felt produce(String bootstrap, String clientId) {
        var settings = Map.<String, Object>of(
                "bootstrap.servers", bootstrap, "client.id", clientId, "batch.size", BATCH_BYTES, "linger.ms", 0);
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.partitionsFor(TOPIC);
            var begun = System.nanoTime();
            for (var batch = 0; batch < BATCHES; batch++) {
                var unused = producer.send(new ProducerRecord<>(TOPIC, new byte[BATCH_BYTES]));
            }
            producer.flush();
            return new Felt(secondsSince(begun), metric(producer.metrics(), "produce-throttle-time-max"));
        }
    }

    static Felt consume(String bootstrap, String clientId) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers", bootstrap, "client.id", clientId, "max.partition.fetch.bytes", BATCH_BYTES));
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            var partitions = List.of(new TopicPartition(TOPIC, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var begun = System.nanoTime();
            for (var read = 0; read < BATCHES; ) {
                read += consumer.poll(Duration.ofSeconds(1)).count();
            }
            return new Felt(secondsSince(begun), metric(consumer.metrics(), "fetch-throttle-time-max"));
        }
    }

    /** Creates topics one by one, as somebody who does not wait by itself; gives how long the first refusal says to wait, if one comes. */
    static Optional<Integer> refusalMillis(String bootstrap, String clientId, int topics) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap, "client.id", clientId))) {
            for (var topic = 0; topic < topics; topic++) {
                admin.createTopics(
                                List.of(new NewTopic(clientId + topic, 5, (short) 1)),
                                new CreateTopicsOptions().retryOnQuotaViolation(false))
                        .all()
                        .get();
            }
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ThrottlingQuotaExceededException refused) {
                return Optional.of(refused.throttleTimeMs());
            }
            throw e;
        }
        return Optional.empty();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    private static double metric(Map<MetricName, ? extends Metric> metrics, String name) {
        return metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name))
                .mapToDouble(metric -> (Double) metric.metricValue())
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
    }
}
