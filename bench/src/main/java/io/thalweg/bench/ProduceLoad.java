package io.thalweg.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records as fast as they are taken.
 *
 * @param isOnDisk whether what is acknowledged has to be on disk
 */
record ProduceLoad(
        String name,
        String describe,
        int records,
        int sizeInBytes,
        int partitions,
        boolean isOnDisk,
        Map<String, String> producerConfig)
        implements Load {

    @Override
    public Map<String, Double> run(Server server) {
        var topic = "produce-" + name + "-" + System.nanoTime();
        server.create(topic, partitions, isOnDisk);
        try {
            return Throughput.of(server, records, sizeInBytes, () -> send(server.bootstrap(), topic));
        } finally {
            server.delete(List.of(topic));
        }
    }

    /** Returns when everything was acknowledged. */
    void send(String bootstrap, String topic) {
        var config = new HashMap<String, Object>(producerConfig);
        config.put("bootstrap.servers", bootstrap);
        var payloads = new Payloads(sizeInBytes);
        var failure = new AtomicReference<@Nullable Exception>();
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < records; i++) {
                var unused = producer.send(new ProducerRecord<>(topic, payloads.value(i)), (metadata, e) -> {
                    if (e != null) {
                        failure.set(e);
                    }
                });
            }
        }
        var failed = failure.get();
        if (failed != null) {
            throw new IllegalStateException("a record was not acknowledged", failed);
        }
    }
}
