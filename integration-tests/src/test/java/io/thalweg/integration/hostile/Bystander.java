package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.awaitility.Awaitility;

/**
 * An ordinary producer and an ordinary consumer of one partition that go on all the time, each on a thread of its own, and know whether
 * anything was out of the ordinary.
 */
final class Bystander implements AutoCloseable {

    private static final String TOPIC = "ordinary";
    private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
    private static final int PROGRESS = 20;
    /** Beyond any test, so that only a failure of the broker and not a slow machine makes a client try again. */
    private static final int REQUEST_TIMEOUT_MILLIS = 300_000;

    private final KafkaProducer<Long, Long> producer;
    private final KafkaConsumer<Long, Long> consumer;
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Thread producing = new Thread(() -> run(this::produce), "bystander-producer");
    private final Thread consuming = new Thread(() -> run(this::consume), "bystander-consumer");
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean isStopping;

    private Bystander(String bootstrap) {
        producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "connections.max.idle.ms", -1,
                        "request.timeout.ms", REQUEST_TIMEOUT_MILLIS,
                        "delivery.timeout.ms", 2 * REQUEST_TIMEOUT_MILLIS,
                        "max.block.ms", REQUEST_TIMEOUT_MILLIS),
                new LongSerializer(),
                new LongSerializer());
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers", bootstrap,
                        "connections.max.idle.ms", -1,
                        "request.timeout.ms", REQUEST_TIMEOUT_MILLIS),
                new LongDeserializer(),
                new LongDeserializer());
    }

    static Bystander start(String bootstrap) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1))).all().get();
        }
        var bystander = new Bystander(bootstrap);
        bystander.producing.start();
        bystander.consuming.start();
        return bystander;
    }

    /** Something to do. */
    interface Work {
        void run() throws Exception;
    }

    private void run(Work work) {
        try {
            while (!isStopping) {
                work.run();
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
        }
    }

    /** Does the work while nothing is produced. */
    void rest(Work work) throws Exception {
        turn.lock();
        try {
            work.run();
        } finally {
            turn.unlock();
        }
    }

    private void produce() throws Exception {
        turn.lock();
        try {
            produceOne();
        } finally {
            turn.unlock();
        }
    }

    private void produceOne() throws Exception {
        var number = acknowledged.get();
        var offset =
                producer.send(new ProducerRecord<>(TOPIC, number, number)).get().offset();
        assertThat(offset).as("offset of record %d", number).isEqualTo(number);
        acknowledged.incrementAndGet();
    }

    private void consume() {
        if (consumer.assignment().isEmpty()) {
            consumer.assign(List.of(PARTITION));
            consumer.seekToBeginning(List.of(PARTITION));
        }
        for (var record : consumer.poll(Duration.ofMillis(100))) {
            assertThat(record.offset()).isEqualTo(read.get());
            assertThat(record.value()).isEqualTo(read.get());
            read.incrementAndGet();
        }
    }

    /** Waits until both have got on, and checks that nothing failed, was tried again or lost its connection. */
    void noticedNothing() {
        var goal = acknowledged.get() + PROGRESS;
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(5))
                .until(() -> failure.get() != null || (acknowledged.get() >= goal && read.get() >= goal));
        assertThat(failure.get()).isNull();
        assertThat(total(producer.metrics(), "record-error-total")).isZero();
        assertThat(total(producer.metrics(), "record-retry-total")).isZero();
        assertThat(total(producer.metrics(), "connection-close-total")).isZero();
        assertThat(total(consumer.metrics(), "connection-close-total")).isZero();
    }

    private static double total(Map<MetricName, ? extends Metric> metrics, String name) {
        var found = metrics.values().stream()
                .filter(metric -> metric.metricName().name().equals(name)
                        && !metric.metricName().tags().containsKey("topic")
                        && !metric.metricName().tags().containsKey("node-id"))
                .toList();
        assertThat(found).as(name).hasSize(1);
        return (double) found.get(0).metricValue();
    }

    @Override
    public void close() {
        isStopping = true;
        try {
            producing.join();
            consuming.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        consumer.close();
    }
}
