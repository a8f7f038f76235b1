package io.thalweg.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.partition.Acks;
import io.thalweg.broker.partition.AppendGroup;
import io.thalweg.broker.partition.FollowerPartition;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.PendingAppend;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.broker.shard.FollowingListener;
import io.thalweg.broker.shard.IsrRequests;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.ShardListener;
import io.thalweg.broker.shard.Shards;
import io.thalweg.coordinator.metadata.ConfigImage;
import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.metadata.TopicImage;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryImage;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Broker 1, which follows broker 2 in the only partition of a topic, and is not in sync. */
final class TopicHostingTest {

    private static final UUID TOPIC = new UUID(1, 2);

    private final OpenFailingEngine engine = new OpenFailingEngine(new MemoryStorage()
            .open(new StorageContext(
                    ConfigValues.empty(),
                    new SystemClock(),
                    (delayNanos, task) -> () -> {},
                    (name, threads) -> {
                        throw new IllegalStateException("no threads in this test");
                    },
                    new Random(1))));
    private final Shard shard = new Shard(
            0,
            64,
            new OwnThread(new DaemonThreads("shard-under-test"), new BlockingWaitStrategy()),
            engine,
            new SystemClock(),
            ShardListener.NONE);
    private final List<FollowerPartition> followers = new CopyOnWriteArrayList<>();
    private final TopicTable topics = new TopicTable();
    private final TopicHosting hosting = new TopicHosting(
            1,
            "PLAINTEXT",
            ConfigValues.empty(),
            topics,
            new Shards(
                    List.of(new PartitionHost(
                            shard,
                            engine,
                            new SystemClock(),
                            new ReplicationPorts(
                                    LeadershipListener.NONE, new Following(), IsrRequests.NONE, Long.MAX_VALUE))),
                    (delayNanos, task) -> () -> {}),
            engine,
            TopicListener.NONE);
    private final MetadataImage image = MetadataImage.EMPTY.with(
            TopicImage.of("orders", TOPIC).with(new PartitionImage(0, List.of(1, 2), List.of(2), 2, 3, 4)));

    private final class Following implements FollowingListener {
        @Override
        public void began(PartitionHost host, FollowerPartition follower) {
            followers.add(follower);
        }

        @Override
        public void ended(FollowerPartition follower) {
            followers.remove(follower);
        }
    }

    private MetadataImage hosted = image;

    @BeforeEach
    void host() {
        shard.start();
        join(hosting.carryOut(image.since(MetadataImage.EMPTY)));
    }

    @AfterEach
    void close() {
        shard.close();
        engine.close();
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private Partition partition() {
        return Objects.requireNonNull(topics.find(TOPIC), "topic").partitions().get(0);
    }

    @Test
    void aDamagedReplicaThatCannotBeginAnewIsTriedAgain() {
        var partition = partition();
        partition.publishDamaged(true);
        engine.isFailing = true;
        assertThatThrownBy(() -> join(hosting.fetchAnew(image, partition.id())))
                .hasCauseInstanceOf(StorageException.Offline.class);
        assertThat(partition.isDamaged()).isTrue();
        assertThat(followers).isEmpty();

        engine.isFailing = false;
        join(hosting.fetchAnew(image, partition.id()));

        assertThat(partition.isDamaged()).isFalse();
        assertThat(followers).hasSize(1);
    }

    @Test
    void aStorageThatThrowsWhereALogIsAnnouncedOpensItAllTheSame() {
        engine.isDeaf = true;
        var created = image.with(TopicImage.of("returns", new UUID(3, 4))
                .with(new PartitionImage(0, List.of(2, 1), List.of(2), 2, 0, 0)));

        join(hosting.carryOut(created.since(image)));

        assertThat(followers).hasSize(2);
    }

    /** One image has both, as a broker hears of it that was late. */
    @Test
    void minInsyncReplicasThatIsRaisedHoldsBeforeTheIsrShrinks() {
        var led = lead(image, List.of(1, 2), 5);
        var bytes = batch();
        var append = new PendingAppend(partition(), RecordBatch.at(bytes, 0), bytes);
        var answered = new CompletableFuture<Void>();
        shard.tryPublish(new AppendGroup(
                List.of(append), Acks.ALL, Long.MAX_VALUE, shard, () -> answered.complete(null), () -> {}));

        Awaitility.await().until(() -> partition().logEndOffset() == 1);

        lead(
                led.with(new ConfigImage(
                        ConfigResource.ofTopic("orders"), new TreeMap<>(Map.of("min.insync.replicas", "2")))),
                List.of(1),
                6);
        join(answered);

        assertThat(append.result().error()).isEqualTo(ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND);
    }

    private static ByteBuffer batch() {
        var builder = new RecordBatchBuilder(1 << 10);
        builder.append(1, null, ByteBuffer.allocate(4));
        return builder.build();
    }

    /** Broker 1 leads from now on, in epoch 4. */
    private MetadataImage lead(MetadataImage base, List<Integer> isr, int partitionEpoch) {
        var topic = base.topic(TOPIC).orElseThrow();
        var led = base.with(topic.with(new PartitionImage(0, List.of(1, 2), isr, 1, 4, partitionEpoch)));
        join(hosting.carryOut(led.since(hosted)));
        hosted = led;
        return led;
    }

    /** Opens nothing while its disk fails, and throws at announcements while it is deaf. */
    private static final class OpenFailingEngine implements PlacedEngine {

        private final StorageEngine engine;
        private volatile boolean isFailing;
        private volatile boolean isDeaf;

        OpenFailingEngine(StorageEngine engine) {
            this.engine = engine;
        }

        @Override
        public List<UUID> directoryIds() {
            return List.of(TOPIC);
        }

        @Override
        public List<UUID> failedDirectoryIds() {
            return List.of();
        }

        @Override
        public CompletionStage<List<DirectoryImage>> directories() {
            return CompletableFuture.completedStage(List.of());
        }

        @Override
        public void announce(LogId id) {
            if (isDeaf) {
                throw new IllegalStateException(id + " cannot be announced");
            }
        }

        @Override
        public Move move(LogId id, Path directory, long bytesPerSecond) {
            throw new IllegalArgumentException("there is no directory " + directory);
        }

        @Override
        public List<LogId> logs() {
            return engine.logs();
        }

        @Override
        public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
            return isFailing
                    ? CompletableFuture.failedFuture(new StorageException.Offline(id + " does not open", null))
                    : engine.open(id, config);
        }

        @Override
        public void configure(LogId id, LogConfig config) {
            engine.configure(id, config);
        }

        @Override
        public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
            return engine.commit(logs);
        }

        @Override
        public Checkpoints checkpoints(LogId id) {
            return engine.checkpoints(id);
        }

        @Override
        public CompletionStage<Void> delete(LogId id) {
            return engine.delete(id);
        }

        @Override
        public void close() {
            engine.close();
        }
    }
}
