package io.thalweg.integration.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.record.Murmur2;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

/** A key goes where Apache Kafka's clients put it, or producers of both would tear its records apart. */
final class PartitioningTest {

    @Test
    void keysGoWhereKafkasProducersPutThem() {
        var seed = Long.getLong("seed", new Random().nextLong());
        var random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            var key = new byte[random.nextInt(40)];
            random.nextBytes(key);
            var partitions = 1 + random.nextInt(100);

            var chosen = Murmur2.partition(ByteBuffer.wrap(key), partitions);

            assertThat(chosen).as("-Dseed=%d", seed).isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
        }
    }
}
