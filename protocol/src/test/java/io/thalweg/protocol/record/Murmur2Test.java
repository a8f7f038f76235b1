package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

final class Murmur2Test {

    @Test
    void choosesThePartitionThatKafkaChooses() {
        Seeds.run(5_000, random -> {
            byte[] key = new byte[random.nextInt(64)];
            random.nextBytes(key);
            int partitions = random.nextInt(1, 1_000);
            ByteBuffer buffer = ByteBuffer.allocate(3 + key.length + 5).position(3);
            buffer.put(key).flip().position(3);

            int partition = Murmur2.partition(buffer, partitions);

            assertThat(partition).isEqualTo(BuiltInPartitioner.partitionForKey(key, partitions));
            assertThat(Murmur2.hash(buffer)).isEqualTo(Utils.murmur2(key));
            assertThat(buffer.remaining()).isEqualTo(key.length);
        });
    }
}
