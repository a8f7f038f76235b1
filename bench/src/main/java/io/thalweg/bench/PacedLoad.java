package io.thalweg.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends records at a fixed rate, each in a request of its own, and reads them as they come. Latencies count from the moment a record
 * was due, so that a stall counts for every record that it delays.
 */
record PacedLoad(
        String name,
        String describe,
        int ratePerSecond,
        int warmupSeconds,
        int seconds,
        int sizeInBytes,
        int partitions,
        boolean isOnDisk,
        Map<String, String> producerConfig)
        implements Load {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final long QUIET_LIMIT_NANOS = Duration.ofSeconds(15).toNanos();

    /** The shared course of one run: due times in, latencies out, in microseconds. */
    private static final class Course {
        final Histogram acknowledged = new ConcurrentHistogram(3);
        final Histogram endToEnd = new Histogram(3);
        final AtomicLong failures = new AtomicLong();
    }

    @Override
    public Map<String, Double> run(Target server) {
        var topic = "paced-" + name + "-" + System.nanoTime();
        server.create(topic, partitions, isOnDisk);
        try {
            return measure(server, topic);
        } finally {
            server.delete(List.of(topic));
        }
    }

    private Map<String, Double> measure(Target server, String topic) {
        var course = new Course();
        var before = server.usage();
        var beginNanos = System.nanoTime();
        sendAndRead(server.bootstrap(), topic, course);
        var tookSeconds = (System.nanoTime() - beginNanos) / 1e9;
        var used = server.usage().since(before);
        if (course.failures.get() > 0) {
            throw new IllegalStateException(course.failures + " records were not acknowledged");
        }

        var measured = new LinkedHashMap<String, Double>();
        measured.put("ack p50 ms", course.acknowledged.getValueAtPercentile(50) / 1e3);
        measured.put("ack p99 ms", course.acknowledged.getValueAtPercentile(99) / 1e3);
        measured.put("read p50 ms", course.endToEnd.getValueAtPercentile(50) / 1e3);
        measured.put("read p99 ms", course.endToEnd.getValueAtPercentile(99) / 1e3);
        measured.put("cores", used.cpuSeconds() / tookSeconds);
        measured.put("us/record", used.cpuSeconds() * 1e6 / count());
        return measured;
    }

    private int count() {
        return ratePerSecond * (warmupSeconds + seconds);
    }

    private void sendAndRead(String bootstrap, String topic, Course course) {
        var all = IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
        var config = new HashMap<String, Object>(producerConfig);
        config.put("bootstrap.servers", bootstrap);
        config.put("linger.ms", "0");
        var reading = Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(reading, new ByteArrayDeserializer(), new ByteArrayDeserializer());
                var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            all.forEach(consumer::position);
            var sender = new Thread(() -> send(producer, topic, course), "sender");
            sender.start();
            read(consumer, course);
            sender.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, String topic, Course course) {
        var beginNanos = System.nanoTime() + Duration.ofMillis(200).toNanos();
        var counted = ratePerSecond * warmupSeconds;
        for (var i = 0; i < count(); i++) {
            var dueNanos = beginNanos + i * 1_000_000_000L / ratePerSecond;
            awaitNanos(dueNanos);
            var value =
                    ByteBuffer.allocate(sizeInBytes).putLong(dueNanos).putInt(i).array();
            var isCounted = i >= counted;
            var unused = producer.send(new ProducerRecord<>(topic, value), (metadata, failure) -> {
                if (failure != null) {
                    course.failures.incrementAndGet();
                } else if (isCounted) {
                    course.acknowledged.recordValue((System.nanoTime() - dueNanos) / 1000);
                }
            });
        }
        producer.flush();
    }

    private static void awaitNanos(long dueNanos) {
        for (var left = dueNanos - System.nanoTime(); left > 0; left = dueNanos - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    private void read(KafkaConsumer<byte[], byte[]> consumer, Course course) {
        var lastNanos = System.nanoTime();
        for (var read = 0; read < count(); ) {
            var polled = consumer.poll(POLL);
            var now = System.nanoTime();
            for (var record : polled) {
                var value = ByteBuffer.wrap(record.value());
                var dueNanos = value.getLong();
                if (value.getInt() >= ratePerSecond * warmupSeconds) {
                    course.endToEnd.recordValue((now - dueNanos) / 1000);
                }
            }
            read += polled.count();
            lastNanos = polled.isEmpty() ? lastNanos : now;
            if (now - lastNanos > QUIET_LIMIT_NANOS) {
                throw new IllegalStateException("read " + read + " of " + count() + " records");
            }
        }
    }
}
