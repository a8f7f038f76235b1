package io.thalweg.integration.sdk;

import static io.thalweg.api.Thalweg.await;

import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.NewTopic;
import io.thalweg.api.PartitionReader;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Topics that no other test has, and all that is in them. */
final class Topics {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Topics() {}

    static String create(Thalweg client, Cluster cluster, int partitions) {
        var name = "sdk-" + COUNT.incrementAndGet();
        await(client.admin().createTopic(new NewTopic(name, partitions, cluster.replicas(), Map.of())));
        return name;
    }

    static Map<TopicPartition, StartPosition> allAt(String topic, int partitions, StartPosition position) {
        return IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(each -> new TopicPartition(topic, each), each -> position));
    }

    /** The first so many records of the topic, in the order of each partition. */
    static <K, V> List<ConsumerRecord<K, V>> read(
            Thalweg client, String topic, int partitions, int count, Serde<K> keys, Serde<V> values) {
        try (var reader = client.reader(keys, values)) {
            await(reader.assign(allAt(topic, partitions, StartPosition.BEGINNING)));
            return read(reader, count);
        }
    }

    static <K, V> List<ConsumerRecord<K, V>> read(PartitionReader<K, V> reader, int count) {
        var records = new ArrayList<ConsumerRecord<K, V>>();
        var deadline = System.nanoTime() + LIMIT.toNanos();
        while (records.size() < count && System.nanoTime() < deadline) {
            records.addAll(reader.poll(POLL));
        }
        return records;
    }
}
