package io.thalweg.integration.clients;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * What a client does, written with what all tested generations of Kafka's Java clients have. Run in a class loader with one of them;
 * throws what it finds wrong.
 */
public final class ClientScenarios {

    private static final Duration POLL = Duration.ofMillis(200);
    private static final int POLLS = 150;

    private ClientScenarios() {}

    public static void roundTripWithEveryCodec(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 3);
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            try (var producer = producer(bootstrap, Map.of("compression.type", codec, "linger.ms", "5"))) {
                send(producer, topic, 500, codec);
            }
        }
        var records = read(bootstrap, topic, 3, 2_500);
        for (var codec : List.of("none", "gzip", "snappy", "lz4", "zstd")) {
            for (var i = 0; i < 500; i++) {
                var key = codec + i;
                var found =
                        records.stream().filter(each -> key.equals(each.key())).toList();
                check(found.size() == 1, key + " was read " + found.size() + " times");
                check(
                        ("value " + i).equals(found.get(0).value()),
                        key + " has value " + found.get(0).value());
            }
        }
    }

    public static void nullsHeadersAndTimestamps(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        try (var producer = producer(bootstrap, Map.of())) {
            producer.send(new ProducerRecord<>(topic, 0, Long.valueOf(1_700_000_000_000L), (String) null, "no key"))
                    .get();
            producer.send(new ProducerRecord<>(topic, 0, 1_700_000_000_001L, "", ""))
                    .get();
            producer.send(new ProducerRecord<>(topic, 0, 1_700_000_000_002L, "gone", (String) null))
                    .get();
            var headers = List.<org.apache.kafka.common.header.Header>of(
                    new RecordHeader("trace", "a".getBytes(StandardCharsets.UTF_8)),
                    new RecordHeader("trace", "b".getBytes(StandardCharsets.UTF_8)),
                    new RecordHeader("nothing", null));
            producer.send(new ProducerRecord<>(topic, 0, 1_700_000_000_003L, "key", "with headers", headers))
                    .get();
        }
        var records = read(bootstrap, topic, 1, 4);
        check(records.get(0).key() == null && "no key".equals(records.get(0).value()), "null key");
        check("".equals(records.get(1).key()) && "".equals(records.get(1).value()), "empty key and value");
        check(records.get(2).value() == null, "null value");
        var headers = records.get(3).headers().toArray();
        check(headers.length == 3 && headers[2].value() == null, "headers");
        check(new String(headers[1].value(), StandardCharsets.UTF_8).equals("b"), "second header");
        for (var i = 0; i < 4; i++) {
            check(records.get(i).offset() == i, "offset " + records.get(i).offset() + " of record " + i);
            check(records.get(i).timestamp() == 1_700_000_000_000L + i, "timestamp of record " + i);
        }
    }

    public static void seekByOffsetAndTimestamp(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        var start = System.currentTimeMillis() - 1_000_000;
        try (var producer = producer(bootstrap, Map.of("linger.ms", "20"))) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (var i = 0; i < 1_000; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, start + i * 10L, "k", Integer.toString(i))));
            }
            sent.get(999).get(30, TimeUnit.SECONDS);
        }
        var partition = new TopicPartition(topic, 0);
        try (var consumer = consumer(bootstrap)) {
            consumer.assign(List.of(partition));
            consumer.seek(partition, 437);
            check(first(consumer).value().equals("437"), "seek into a batch");
            var found =
                    consumer.offsetsForTimes(Map.of(partition, start + 5_001)).get(partition);
            check(found.offset() == 501, "offset for a timestamp is " + found.offset());
            check(found.timestamp() == start + 5_010, "timestamp found is " + found.timestamp());
            check(
                    consumer.offsetsForTimes(Map.of(partition, start + 100_000)).get(partition) == null,
                    "beyond the end");
            check(consumer.beginningOffsets(List.of(partition)).get(partition) == 0L, "beginning");
            check(consumer.endOffsets(List.of(partition)).get(partition) == 1_000L, "end");
            consumer.seekToEnd(List.of(partition));
            check(consumer.position(partition) == 1_000, "position at the end");
            consumer.seekToBeginning(List.of(partition));
            check(first(consumer).value().equals("0"), "seek to the beginning");
        }
    }

    public static void everyAcks(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        for (var acks : List.of("0", "1", "all")) {
            try (var producer = producer(bootstrap, Map.of("acks", acks, "enable.idempotence", "false"))) {
                for (var i = 0; i < 10; i++) {
                    producer.send(new ProducerRecord<>(topic, acks, "value " + i))
                            .get();
                }
            }
        }
        check(read(bootstrap, topic, 1, 30).size() == 30, "records");
    }

    public static void idempotentProducerKeepsOrder(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        var settings = Map.of("enable.idempotence", "true", "acks", "all", "batch.size", "400");
        try (var producer = producer(bootstrap, settings)) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (var i = 0; i < 5_000; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, "k", Integer.toString(i))));
            }
            for (var i = 0; i < sent.size(); i++) {
                var offset = sent.get(i).get(30, TimeUnit.SECONDS).offset();
                check(offset == i, "record " + i + " got offset " + offset);
            }
        }
        var records = read(bootstrap, topic, 1, 5_000);
        for (var i = 0; i < 5_000; i++) {
            check(
                    records.get(i).value().equals(Integer.toString(i)),
                    "record " + i + " is " + records.get(i).value());
        }
    }

    public static void topicsLiveAndDie(String bootstrap, String topic) throws Exception {
        try (var admin = admin(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(2), Optional.empty())))
                    .all()
                    .get();
            check(admin.listTopics().names().get().contains(topic), "listed");
            var described = describe(admin, topic);
            check(described.partitions().size() == 2, "partitions");
            check(described.partitions().get(0).leader() != null, "leader");
            admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(4)))
                    .all()
                    .get();
            check(describe(admin, topic).partitions().size() == 4, "more partitions");
            check(!admin.describeCluster().clusterId().get().isEmpty(), "cluster id");
            check(admin.describeCluster().nodes().get().size() == 1, "nodes");
            admin.deleteTopics(List.of(topic)).all().get();
            check(!admin.listTopics().names().get().contains(topic), "deleted");
            try {
                describe(admin, topic);
                throw new AssertionError("deleted topic was described");
            } catch (ExecutionException e) {
                check(
                        e.getCause() instanceof UnknownTopicOrPartitionException,
                        e.getCause().toString());
            }
        }
    }

    public static void configsAreDescribedAndChanged(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        try (var admin = admin(bootstrap)) {
            var before = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            check(before.get("retention.ms").value().equals("604800000"), "default retention");
            check(before.get("retention.ms").isDefault(), "default");
            var change = new AlterConfigOp(new ConfigEntry("retention.ms", "1000000"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(resource, List.of(change)))
                    .all()
                    .get();
            var after = admin.describeConfigs(List.of(resource)).all().get().get(resource);
            check(after.get("retention.ms").value().equals("1000000"), "changed retention");
            check(!after.get("retention.ms").isDefault(), "not the default any more");
        }
    }

    public static void recordsAreDeleted(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic, 1);
        try (var producer = producer(bootstrap, Map.of())) {
            for (var i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>(topic, "k", Integer.toString(i)))
                        .get();
            }
        }
        var partition = new TopicPartition(topic, 0);
        try (var admin = admin(bootstrap);
                var consumer = consumer(bootstrap)) {
            var low = admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(6)))
                    .lowWatermarks()
                    .get(partition)
                    .get()
                    .lowWatermark();
            check(low == 6, "low watermark " + low);
            consumer.assign(List.of(partition));
            check(consumer.beginningOffsets(List.of(partition)).get(partition) == 6L, "beginning");
            consumer.seekToBeginning(List.of(partition));
            check(first(consumer).value().equals("6"), "first record left");
        }
    }

    public static void unknownTopicIsCreatedOnDemand(String bootstrap, String topic) throws Exception {
        try (var producer = producer(bootstrap, Map.of())) {
            producer.send(new ProducerRecord<>(topic, "k", "v")).get(30, TimeUnit.SECONDS);
        }
        check(read(bootstrap, topic, 1, 1).get(0).value().equals("v"), "value");
    }

    private static void send(KafkaProducer<String, String> producer, String topic, int count, String keyPrefix)
            throws Exception {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (var i = 0; i < count; i++) {
            sent.add(producer.send(new ProducerRecord<>(topic, keyPrefix + i, "value " + i)));
        }
        for (var each : sent) {
            each.get(30, TimeUnit.SECONDS);
        }
    }

    private static List<ConsumerRecord<String, String>> read(
            String bootstrap, String topic, int partitions, int expected) {
        var records = new ArrayList<ConsumerRecord<String, String>>();
        try (var consumer = consumer(bootstrap)) {
            var all = new ArrayList<TopicPartition>();
            for (var i = 0; i < partitions; i++) {
                all.add(new TopicPartition(topic, i));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            for (var i = 0; i < POLLS && records.size() < expected; i++) {
                consumer.poll(POLL).forEach(records::add);
            }
        }
        check(records.size() == expected, "read " + records.size() + " of " + expected + " records");
        return records;
    }

    private static ConsumerRecord<String, String> first(KafkaConsumer<String, String> consumer) {
        for (var i = 0; i < POLLS; i++) {
            var records = consumer.poll(POLL);
            if (!records.isEmpty()) {
                return records.iterator().next();
            }
        }
        throw new AssertionError("nothing to read");
    }

    /** With a method that both the oldest and the newest client have. */
    @SuppressWarnings("removal")
    private static org.apache.kafka.clients.admin.TopicDescription describe(Admin admin, String topic)
            throws Exception {
        var result = admin.describeTopics(List.of(topic));
        try {
            return result.topicNameValues().get(topic).get();
        } catch (NoSuchMethodError e) {
            return describeOld(result, topic);
        }
    }

    private static org.apache.kafka.clients.admin.TopicDescription describeOld(Object result, String topic)
            throws Exception {
        var values = (Map<?, ?>) result.getClass().getMethod("values").invoke(result);
        var future = (org.apache.kafka.common.KafkaFuture<?>) values.get(topic);
        return (org.apache.kafka.clients.admin.TopicDescription) future.get();
    }

    private static void create(String bootstrap, String topic, int partitions) throws Exception {
        try (var admin = admin(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static Admin admin(String bootstrap) {
        return Admin.create(properties(bootstrap));
    }

    private static KafkaProducer<String, String> producer(String bootstrap, Map<String, String> settings) {
        var properties = properties(bootstrap);
        properties.put("key.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.put("value.serializer", "org.apache.kafka.common.serialization.StringSerializer");
        properties.putAll(settings);
        return new KafkaProducer<>(properties);
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap) {
        var properties = properties(bootstrap);
        properties.put("key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer");
        properties.put("enable.auto.commit", "false");
        return new KafkaConsumer<>(properties);
    }

    private static Properties properties(String bootstrap) {
        var properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }

    private static void check(boolean isTrue, String what) {
        if (!isTrue) {
            throw new AssertionError(what);
        }
    }
}
