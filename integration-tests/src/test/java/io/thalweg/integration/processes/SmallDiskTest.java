package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker on a real file system of 12 MiB that fills up, with a process that is killed while it is full. Mounting one takes root. */
final class SmallDiskTest {

    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final int RECORD_BYTES = 50_000;
    private static final int BALLAST_BYTES = 3 << 20;

    @TempDir
    private Path root;

    private Path disk;
    private final List<Long> acknowledged = new ArrayList<>();
    private final Random random = new Random(1);
    private long nextId;
    private @Nullable BrokerProcess broker;

    @BeforeEach
    void mount() throws Exception {
        disk = Files.createDirectory(root.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", disk.toString()),
                "skipped: no small file system can be mounted here (that takes root)");
    }

    @AfterEach
    void unmount() throws Exception {
        if (broker != null) {
            broker.close();
        }
        run("umount", disk.toString());
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void fullDiskRefusesRecordsAndLosesNone() throws Exception {
        var ballast = ballast("one");
        var more = ballast("two");
        var served = BrokerProcess.start(disk, "storage.file.journal.bytes=1048576");
        broker = served;

        fill(served);
        assertThat(read(served)).isEqualTo(acknowledged);

        Files.delete(ballast);
        awaitRoom(served);
        fill(served);
        served.killAndRestart();
        assertThat(read(served))
                .containsAll(acknowledged)
                .doesNotHaveDuplicates()
                .isSorted();

        Files.delete(more);
        awaitRoom(served);
        assertThat(read(served))
                .containsAll(acknowledged)
                .doesNotHaveDuplicates()
                .isSorted();
    }

    private Path ballast(String name) throws IOException {
        return Files.write(disk.resolve(name), new byte[BALLAST_BYTES]);
    }

    /** Sends record after record until one is refused for want of room. */
    private void fill(BrokerProcess served) throws Exception {
        try (var producer = producer(served)) {
            while (true) {
                try {
                    send(producer);
                } catch (ExecutionException e) {
                    assertThat(e).hasCauseInstanceOf(KafkaStorageException.class);
                    return;
                }
            }
        }
    }

    private void awaitRoom(BrokerProcess served) {
        try (var producer = producer(served)) {
            Awaitility.await().ignoreException(ExecutionException.class).until(() -> {
                send(producer);
                return true;
            });
        }
    }

    private void send(KafkaProducer<byte[], byte[]> producer) throws Exception {
        var id = nextId++;
        var value = new byte[RECORD_BYTES];
        random.nextBytes(value);
        ByteBuffer.wrap(value).putLong(id);
        producer.send(new ProducerRecord<>(ORDERS.topic(), 0, null, value)).get();
        acknowledged.add(id);
    }

    /** A refused record is not sent again, so that the test knows it was. */
    private static KafkaProducer<byte[], byte[]> producer(BrokerProcess served) {
        Map<String, Object> config = Map.of(
                "bootstrap.servers", served.bootstrap(), "acks", "all", "retries", 0, "enable.idempotence", false);
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static List<Long> read(BrokerProcess served) {
        Map<String, Object> config = Map.of("bootstrap.servers", served.bootstrap(), "group.id", "none");
        var ids = new ArrayList<Long>();
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(ORDERS));
            consumer.seekToBeginning(List.of(ORDERS));
            long end = consumer.endOffsets(List.of(ORDERS)).get(ORDERS);
            while (consumer.position(ORDERS) < end) {
                for (var found : consumer.poll(Duration.ofSeconds(1))) {
                    ids.add(ByteBuffer.wrap(found.value()).getLong());
                }
            }
        }
        return ids;
    }
}
