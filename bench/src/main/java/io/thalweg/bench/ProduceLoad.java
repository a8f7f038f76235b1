package io.thalweg.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records as fast as they are taken.
 *
 * @param producers how many share the records, each on a thread of its own
 * @param isOnDisk whether what is acknowledged has to be on disk
 */
record ProduceLoad(
        String name,
        String describe,
        int records,
        int sizeInBytes,
        int partitions,
        int producers,
        boolean isOnDisk,
        Map<String, String> producerConfig)
        implements Load {

    @Override
    public Map<String, Double> run(Target server) {
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
        var sending = new ArrayList<CompletableFuture<Void>>();
        for (var i = 0; i < producers; i++) {
            var done = new CompletableFuture<Void>();
            sending.add(done);
            new Thread(() -> sendPart(bootstrap, topic, done), "producer-" + i).start();
        }
        sending.forEach(CompletableFuture::join);
    }

    private void sendPart(String bootstrap, String topic, CompletableFuture<Void> done) {
        try {
            sendPart(bootstrap, topic);
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
        }
    }

    private void sendPart(String bootstrap, String topic) {
        var config = new HashMap<String, Object>(producerConfig);
        config.put("bootstrap.servers", bootstrap);
        var payloads = new Payloads(sizeInBytes);
        var failure = new AtomicReference<@Nullable Exception>();
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (var i = 0; i < records / producers; i++) {
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
