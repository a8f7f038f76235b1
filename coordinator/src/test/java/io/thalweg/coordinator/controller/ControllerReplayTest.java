package io.thalweg.coordinator.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.Seeds;
import io.thalweg.coordinator.SteppedLoop;
import io.thalweg.coordinator.controller.ControllerConfig.Limits;
import io.thalweg.coordinator.local.LocalMetadataLog;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random requests on a real log: whatever way an image is come to, from the log, from a snapshot or live, it is the same. */
final class ControllerReplayTest {

    private static final int STEPS = 400;
    private static final int RUNS = 5;
    private static final int MANY_RUNS = 500;

    private final SteppedClock clock = new SteppedClock();
    private final Timers noTimers = (delayNanos, task) -> () -> {};
    private final Workers noWorkers = (name, threads) -> {
        throw new IllegalStateException("no threads in this test");
    };

    private StorageEngine engine(MemoryStorage storage) {
        return storage.open(new StorageContext(ConfigValues.empty(), clock, noTimers, noWorkers, new Random(1)));
    }

    /** A controller on an engine; a new one on the same engine is a restart. */
    private final class Node {

        private final SteppedLoop loop = new SteppedLoop();
        private final RecordingListener listener = new RecordingListener();
        private final LocalMetadataLog log;
        private final Controller controller;

        Node(StorageEngine engine, long seed, int snapshotRecords) {
            log = LocalMetadataLog.open(engine, loop, clock, 1)
                    .toCompletableFuture()
                    .join();
            var config = new ControllerConfig(
                    Optional.of("cluster"),
                    Collections.emptySortedMap(),
                    new ControllerConfig.Topics(2, (short) 1, true),
                    Optional.empty(),
                    Optional.empty(),
                    new Limits(100, 50, 1 << 20, snapshotRecords));
            controller = new Controller(
                    new ControllerRuntime(loop, clock, noTimers, new Random(seed)),
                    config,
                    log,
                    new SampleSchema(),
                    listener);
            controller.start();
            loop.run();
        }

        MetadataImage image() {
            return listener.image();
        }

        /** Submits some requests at once and runs until all are answered. */
        List<ResponseMessage> submit(RandomRequests requests, int count) {
            var replies = new ArrayList<CompletionStage<ResponseMessage>>();
            for (int i = 0; i < count; i++) {
                replies.add(controller.submit(requests.next(image()), ResponseMessage.class));
            }
            loop.run();
            return replies.stream()
                    .map(reply -> reply.toCompletableFuture().join())
                    .toList();
        }

        void stop() {
            controller.close();
            log.close();
        }
    }

    private static void assertSound(MetadataImage image) {
        for (var topic : image.topics()) {
            assertThat(topic.partitionCount()).isPositive();
            for (var partition : topic.partitions()) {
                assertThat(partition.replicas()).doesNotHaveDuplicates().containsAll(partition.isr());
                assertThat(partition.leader() == PartitionImage.NO_LEADER
                                || image.broker(partition.leader()).isPresent())
                        .isTrue();
            }
            assertThat(image.topic(topic.id())).contains(topic);
        }
        image.configs()
                .forEach(config -> assertThat(new SampleSchema().refusal(config.resource(), config.values()))
                        .isEmpty());
    }

    @Test
    void restartComesToTheImageOfBefore() {
        Seeds.withSeed(seed -> {
            for (int i = 0; i < RUNS; i++) {
                restartsComeToTheImageOfBefore(seed + i);
            }
        });
    }

    @Test
    @Tag("slow")
    void manyRestartsComeToTheImageOfBefore() {
        Seeds.withSeed(seed -> {
            for (int i = 0; i < MANY_RUNS; i++) {
                restartsComeToTheImageOfBefore(seed + i);
            }
        });
    }

    private void restartsComeToTheImageOfBefore(long seed) {
        var random = new Random(seed);
        var engine = engine(new MemoryStorage());
        var requests = new RandomRequests(random);
        int snapshotRecords = 1 + random.nextInt(200);
        var node = new Node(engine, seed, snapshotRecords);
        for (int step = 0; step < STEPS; step++) {
            node.submit(requests, 1 + random.nextInt(4));
            assertSound(node.image());
            if (random.nextInt(20) == 0) {
                var image = node.image();
                node.stop();
                node = new Node(engine, seed + step, snapshotRecords);
                assertThat(node.image()).isEqualTo(image);
            }
        }
        assertThat(node.listener.failure()).isNull();
        assertThat(node.image().brokers()).isNotEmpty();
    }

    @Test
    void recordsOfAnImageGiveTheImage() {
        Seeds.withSeed(seed -> {
            var requests = new RandomRequests(new Random(seed));
            var node = new Node(engine(new MemoryStorage()), seed, 1_000_000);
            for (int step = 0; step < STEPS; step++) {
                node.submit(requests, 3);
            }

            var records = MetadataRecords.decode(MetadataRecords.encode(ImageRecords.of(node.image())));

            assertThat(MetadataRecords.replay(MetadataImage.EMPTY, records)).isEqualTo(node.image());
        });
    }

    @Test
    void sameSeedGivesTheSameBytes() {
        Seeds.withSeed(seed -> {
            var first = bytesOf(seed);
            var second = bytesOf(seed);

            assertThat(first).isEqualTo(second);
            assertThat(first.remaining()).isPositive();
        });
    }

    /** The bytes in the log after a run. */
    private ByteBuffer bytesOf(long seed) {
        var engine = engine(new MemoryStorage());
        var requests = new RandomRequests(new Random(seed));
        var node = new Node(engine, seed, 1_000_000);
        for (int step = 0; step < STEPS; step++) {
            node.submit(requests, 2);
        }
        node.stop();
        var log = engine.open(LocalMetadataLog.ID, LogConfig.DEFAULT)
                .toCompletableFuture()
                .join();
        var slice = log.read(0, Long.MAX_VALUE, Integer.MAX_VALUE)
                .toCompletableFuture()
                .join();
        var bytes = ByteBuffer.allocate(slice.sizeInBytes());
        slice.match(
                file -> {
                    throw new IllegalStateException("memory gives buffers");
                },
                buffers -> {
                    buffers.copyTo(bytes, 0);
                    return true;
                });
        return bytes.flip();
    }
}
