package io.thalweg.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends a record once the one before is acknowledged, to a single partition.
 *
 * @param isOnDisk whether acknowledged means on disk
 */
record OneByOneLoad(String name, String describe, int records, int sizeInBytes, boolean isOnDisk) implements Load {

    @Override
    public Map<String, Double> run(Target server) {
        var topic = name + "-" + System.nanoTime();
        server.create(topic, 1, isOnDisk);
        try {
            return measure(server, topic);
        } finally {
            server.delete(List.of(topic));
        }
    }

    private Map<String, Double> measure(Target server, String topic) {
        var config = Map.<String, Object>of("bootstrap.servers", server.bootstrap(), "acks", "all", "linger.ms", "0");
        var payloads = new Payloads(sizeInBytes);
        var micros = new Histogram(3);
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < records; i++) {
                var begin = System.nanoTime();
                producer.send(new ProducerRecord<>(topic, payloads.value(i))).get();
                micros.recordValue((System.nanoTime() - begin) / 1000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a record was not acknowledged", e);
        }
        var measured = new LinkedHashMap<String, Double>();
        measured.put("records/s", 1e6 / micros.getMean());
        measured.put("p50 ms", micros.getValueAtPercentile(50) / 1e3);
        measured.put("p99 ms", micros.getValueAtPercentile(99) / 1e3);
        return measured;
    }
}
