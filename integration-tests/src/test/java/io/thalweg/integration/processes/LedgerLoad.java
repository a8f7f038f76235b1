package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final AtomicInteger acknowledgedCount = new AtomicInteger();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final Thread thread;

    /** What a producer was told about one record. */
    private record Acknowledged(int partition, long offset, long value) {}

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
                                acknowledged.add(new Acknowledged(metadata.partition(), metadata.offset(), sent));
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
        var read = readAll(bootstrap);
        assertThat(starts(read).values()).allMatch(start -> start == 0);
        check(read, List.copyOf(acknowledged));
    }

    /** The same where retention has let go of the beginning of each partition, which it is kept from doing while this reads. */
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
        var read = readAll(bootstrap);
        assertThat(starts(read).values()).allMatch(start -> start > 0);
        check(read, List.copyOf(acknowledged));
    }

    private static boolean hasBegunLater(Admin admin) throws Exception {
        var asked = new HashMap<TopicPartition, OffsetSpec>();
        for (var i = 0; i < PARTITIONS; i++) {
            asked.put(new TopicPartition(TOPIC, i), OffsetSpec.earliest());
        }
        return admin.listOffsets(asked).all().get().values().stream().allMatch(each -> each.offset() > 0);
    }

    /** The offset of the first record of each partition, all of which have some. */
    private static Map<TopicPartition, Long> starts(Map<TopicPartition, List<ConsumerRecord<Long, Long>>> read) {
        var starts = new HashMap<TopicPartition, Long>();
        read.forEach(
                (partition, records) -> starts.put(partition, records.get(0).offset()));
        return starts;
    }

    private static void check(
            Map<TopicPartition, List<ConsumerRecord<Long, Long>>> read, List<Acknowledged> acknowledged) {
        var starts = starts(read);
        var values = new HashSet<Long>();
        read.forEach((partition, records) -> {
            for (var i = 0; i < records.size(); i++) {
                assertThat(records.get(i).offset())
                        .as("offset in %s", partition)
                        .isEqualTo(starts.get(partition) + i);
                assertThat(values.add(records.get(i).value()))
                        .as("value %d is in %s only once", records.get(i).value(), partition)
                        .isTrue();
            }
            assertThat(records)
                    .extracting(ConsumerRecord::value)
                    .as("order in %s", partition)
                    .isSorted();
        });
        for (var each : acknowledged) {
            var partition = new TopicPartition(TOPIC, each.partition());
            var records = read.get(partition);
            var index = (int) (each.offset() - starts.get(partition));
            assertThat(index).as("acknowledged offset is below the end").isLessThan(records.size());
            if (index >= 0) {
                assertThat(records.get(index).value()).as("%s", each).isEqualTo(each.value());
            }
        }
    }

    private static Map<TopicPartition, List<ConsumerRecord<Long, Long>>> readAll(String bootstrap) {
        var partitions =
                List.of(new TopicPartition(TOPIC, 0), new TopicPartition(TOPIC, 1), new TopicPartition(TOPIC, 2));
        var read = new HashMap<TopicPartition, List<ConsumerRecord<Long, Long>>>();
        partitions.forEach(partition -> read.put(partition, new ArrayList<>()));
        try (var consumer = new KafkaConsumer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrap),
                new LongDeserializer(),
                new LongDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            var ends = consumer.endOffsets(partitions);
            while (!ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                for (var record : consumer.poll(Duration.ofMillis(100))) {
                    read.get(new TopicPartition(record.topic(), record.partition()))
                            .add(record);
                }
            }
        }
        return read;
    }
}
