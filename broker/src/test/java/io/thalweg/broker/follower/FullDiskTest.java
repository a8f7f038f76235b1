package io.thalweg.broker.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.GatedEngine;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import io.thalweg.spi.storage.StorageProvider;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three brokers, of which one has no room for what it is to append. */
@Timeout(180)
final class FullDiskTest {

    private static final int NOBODY = 0;

    private final AtomicInteger full = new AtomicInteger(NOBODY);
    private final TestCluster cluster =
            TestCluster.start(3, Map.of("replica.lag.time.max.ms", "2000"), id -> new RoomStorage(id, full));
    private final ReplicatedTopic topic = new ReplicatedTopic(cluster, "orders");

    private record RoomStorage(int node, AtomicInteger full) implements StorageProvider {

        @Override
        public String name() {
            return "room";
        }

        @Override
        public List<ConfigKey<?>> configKeys() {
            return List.of();
        }

        @Override
        public StorageEngine open(StorageContext context) {
            var engine = new GatedEngine(new MemoryStorage().open(context));
            engine.gateReads();
            engine.whenAppending(batches -> {
                if (full.get() == node) {
                    throw new StorageException.Full("no room in this test", null);
                }
            });
            return engine;
        }
    }

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void anotherLeadsWhatTheLeaderHasNoRoomFor() {
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        producer.write(10);
        var first = topic.leader();

        full.set(first);
        producer.write(10);
        assertThat(topic.leader()).isNotEqualTo(first);
        full.set(NOBODY);
        topic.awaitInSync(3);

        producer.write(1);
        assertThat(topic.read(producer.written().size())).isEqualTo(producer.written());
    }
}
