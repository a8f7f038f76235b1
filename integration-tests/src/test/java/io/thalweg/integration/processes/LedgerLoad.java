package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.LongDeserializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.awaitility.Awaitility;

/** A topic that an idempotent producer writes ascending numbers to, and all that it was told of them. */
final class LedgerLoad {

    static final String TOPIC = "ledger";
    static final int PARTITIONS = 3;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String bootstrap;
    private final List<Acknowledged> acknowledged =
            IntStream.range(0, PARTITIONS).mapToObj(Acknowledged::new).toList();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread;

    /** What the producer was told of one partition. Owned by the producer's thread, then by the test. */
    private static final class Acknowledged {

        private static final long UNTOLD = -1;

        private final int partition;
        private long[] values = new long[1 << 10];
        private int end;

        /** Offsets at which two values were acknowledged. */
        private final List<Long> toldTwice = new ArrayList<>();

        Acknowledged(int partition) {
            this.partition = partition;
        }

        /** This value is at this offset. */
        void add(long offset, long value) {
            var needed = Math.toIntExact(offset + 1);
            if (needed > values.length) {
                values = Arrays.copyOf(values, Math.max(needed, 2 * values.length));
            }
            if (needed > end) {
                Arrays.fill(values, end, needed, UNTOLD);
                end = needed;
            }
            if (values[needed - 1] != UNTOLD) {
                toldTwice.add(offset);
            }
            values[needed - 1] = value;
        }

        /** What was read at an offset is what was acknowledged there. */
        void check(long offset, long value) {
            var told = offset < end ? values[(int) offset] : UNTOLD;
            if (told != UNTOLD) {
                assertThat(value)
                        .as("value at offset %d of partition %d", offset, partition)
                        .isEqualTo(told);
            }
        }
    }

    private LedgerLoad(String bootstrap) {
        this.bootstrap = bootstrap;
        this.thread = new Thread(this::produce, "load");
        thread.setDaemon(true);
    }

    /** Creates the topic and begins to write. */
    static LedgerLoad begin(String bootstrap, int replicationFactor, Map<String, String> topicConfig) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) replicationFactor).configs(topicConfig)))
                    .all()
                    .get();
        }
        var load = new LedgerLoad(bootstrap);
        load.thread.start();
        return load;
    }

    /** Waits until so many more records are acknowledged. */
    void awaitMore(int count) {
        var wanted = acknowledgedCount.get() + count;
        Awaitility.await("acknowledgement of " + count + " more records")
                .atMost(LIMIT)
                .until(() -> acknowledgedCount.get() >= wanted);
    }

    /** Goes on for so long, whether or not anything is acknowledged. */
    void go(Duration length) {
        var end = System.nanoTime() + length.toNanos();
        Awaitility.await("the end of " + length).atMost(length.plus(LIMIT)).until(() -> System.nanoTime() - end >= 0);
    }

    int acknowledgedCount() {
        return acknowledgedCount.get();
    }

    /** A batch that expires has the client number those after it anew: what of them was written is then there twice. So none may. */
    private Map<String, Object> settings() {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers", bootstrap,
                "acks", "all",
                "enable.idempotence", "true",
                "linger.ms", "1",
                "batch.size", "512",
                "request.timeout.ms", "5000",
                "reconnect.backoff.max.ms", "100",
                "retry.backoff.max.ms", "100"));
        settings.put("delivery.timeout.ms", "3600000");
        settings.put("max.block.ms", "3600000");
        settings.put("buffer.memory", "1048576");
        return settings;
    }

    private void produce() {
        try (var producer = new KafkaProducer<>(settings(), new LongSerializer(), new LongSerializer())) {
            for (var value = 0L; !stop.get(); value++) {
                var sent = value;
                var unused = producer.send(
                        new ProducerRecord<>(TOPIC, (int) (value % PARTITIONS), value, value), (metadata, failure) -> {
                            if (failure == null) {
                                acknowledged.get(metadata.partition()).add(metadata.offset(), sent);
                                acknowledgedCount.incrementAndGet();
                            }
                        });
            }
        }
    }

    /** Ends the writing, then reads everything: what was acknowledged is there, once, in order. */
    void endAndCheck() throws InterruptedException {
        stop.set(true);
        thread.join();
        check(start -> start == 0);
    }

    /**
     * The same where retention has let go of the beginning of each partition. It is kept from doing so while this reads, but for what was
     * decided before.
     */
    void endAndCheckTheRest() throws Exception {
        stop.set(true);
        thread.join();
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        var unlimited = new AlterConfigOp(new ConfigEntry("retention.bytes", "-1"), AlterConfigOp.OpType.SET);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Awaitility.await("retention").atMost(LIMIT).until(() -> hasBegunLater(admin));
            admin.incrementalAlterConfigs(Map.of(topic, List.of(unlimited)))
                    .all()
                    .get();
        }
        check(start -> start > 0);
    }

    private static boolean hasBegunLater(Admin admin) throws Exception {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        for (var i = 0; i < PARTITIONS; i++) {
            asked.put(new TopicPartition(TOPIC, i), OffsetSpec.earliest());
        }
        return admin.listOffsets(asked).all().get().values().stream().allMatch(each -> each.offset() > 0);
    }

    private void check(LongPredicate isStart) {
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
                new LongDeserializer(),
                new LongDeserializer())) {
            for (var each : acknowledged) {
                check(consumer, each, isStart);
            }
        }
    }

    /** Offsets have no gap, values ascend, and those of a partition can be in no other one. */
    private static void check(KafkaConsumer<Long, Long> consumer, Acknowledged acknowledged, LongPredicate isStart) {
        var partition = new TopicPartition(TOPIC, acknowledged.partition);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).get(partition);
        assertThat(acknowledged.toldTwice)
                .as("offsets of %s acknowledged twice", partition)
                .isEmpty();
        assertThat(end).as("end of %s", partition).isGreaterThanOrEqualTo(acknowledged.end);
        long next = consumer.beginningOffsets(List.of(partition)).get(partition);
        assertThat(isStart.test(next))
                .as("start of %s at offset %d", partition, next)
                .isTrue();
        var last = -1L;
        while (next < end) {
            for (var record : consumer.poll(Duration.ofMillis(100))) {
                if (record.offset() != next) {
                    next = consumer.beginningOffsets(List.of(partition)).get(partition);
                    assertThat(isStart.test(next))
                            .as("start of %s at offset %d", partition, next)
                            .isTrue();
                }
                assertThat(record.offset()).as("offset in %s", partition).isEqualTo(next);
                assertThat(record.value())
                        .as("value after %d in %s", last, partition)
                        .isGreaterThan(last);
                assertThat(record.value() % PARTITIONS)
                        .as("partition of %s", record)
                        .isEqualTo(acknowledged.partition);
                acknowledged.check(next, record.value());
                next++;
                last = record.value();
            }
        }
    }
}
