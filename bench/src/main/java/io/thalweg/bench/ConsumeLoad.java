package io.thalweg.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what was just written, from the page cache. */
record ConsumeLoad(String name, String describe, int records, int sizeInBytes, int partitions) implements Load {

    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int EMPTY_POLLS_LIMIT = 15;

    @Override
    public Map<String, Double> run(Target server) {
        var topic = "consume-" + name + "-" + System.nanoTime();
        server.create(topic, partitions, false);
        try {
            new ProduceLoad(name, describe, records, sizeInBytes, partitions, 1, false, Map.of("acks", "1"))
                    .send(server.bootstrap(), topic);
            return Throughput.of(server, records, sizeInBytes, () -> read(server.bootstrap(), topic));
        } finally {
            server.delete(List.of(topic));
        }
    }

    private void read(String bootstrap, String topic) {
        var all = IntStream.range(0, partitions)
                .mapToObj(i -> new TopicPartition(topic, i))
                .toList();
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap, "enable.auto.commit", "false");
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(all);
            consumer.seekToBeginning(all);
            var emptyPolls = 0;
            for (var read = 0; read < records; ) {
                var polled = consumer.poll(POLL).count();
                read += polled;
                emptyPolls = polled == 0 ? emptyPolls + 1 : 0;
                if (emptyPolls == EMPTY_POLLS_LIMIT) {
                    throw new IllegalStateException("read " + read + " of " + records + " records of " + topic);
                }
            }
        }
    }
}
