package io.thalweg.integration.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ConsumerGroupState;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;

/**
 * What members of consumer groups and their administrators do, written with what all tested generations of Kafka's Java clients have. Run
 * in a class loader with one of them; throws what it finds wrong.
 */
@SuppressWarnings({"deprecation", "removal"}) // What newer clients have instead is not in older ones.
public final class GroupScenarios {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final int POLLS = 600;
    private static final int PARTITIONS = 6;

    private GroupScenarios() {}

    /** A group goes on where it stopped. */
    public static void commitAndResume(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        produce(bootstrap, topic, 0, 300);
        try (var consumer = consumer(bootstrap, topic, Map.of())) {
            consumer.subscribe(List.of(topic));
            check(values(consumer, 300).size() == 300, "all 300 values are read once");
            consumer.commitSync();
        }
        produce(bootstrap, topic, 300, 400);
        try (var consumer = consumer(bootstrap, topic, Map.of())) {
            consumer.subscribe(List.of(topic));
            var read = values(consumer, 100);
            check(read.equals(range(300, 400)), "only what is new is read, not " + read);
            consumer.commitSync();
        }
    }

    /** Three members come and go; each partition has one owner. */
    public static void membersComeAndGo(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        var members = new ArrayList<KafkaConsumer<String, String>>();
        try {
            for (var count = 1; count <= 3; count++) {
                var member = consumer(bootstrap, topic, Map.of());
                members.add(member);
                member.subscribe(List.of(topic));
                balance(members);
            }
            members.remove(1).close();
            balance(members);
            members.remove(0).close();
            balance(members);
        } finally {
            members.forEach(KafkaConsumer::close);
        }
    }

    /** A member that stops polling is replaced, and the cooperative protocol works as well. */
    public static void cooperativeMembersShare(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        var cooperative = Map.<String, Object>of(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");
        try (var first = consumer(bootstrap, topic, cooperative);
                var second = consumer(bootstrap, topic, cooperative)) {
            first.subscribe(List.of(topic));
            balance(List.of(first));
            second.subscribe(List.of(topic));
            balance(List.of(first, second));
        }
    }

    /** A static member that comes back has its partitions without a rebalance; its double is fenced. */
    public static void staticMemberComesBack(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        var instance = Map.<String, Object>of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "instance");
        try (var other = consumer(bootstrap, topic, Map.of())) {
            other.subscribe(List.of(topic));
            Set<TopicPartition> before;
            try (var member = consumer(bootstrap, topic, instance)) {
                member.subscribe(List.of(topic));
                balance(List.of(other, member));
                before = member.assignment();
            }
            try (var member = consumer(bootstrap, topic, instance)) {
                member.subscribe(List.of(topic));
                balance(List.of(other, member));
                check(member.assignment().equals(before), "the assignment is as before");
            }
        }
    }

    /** A member that goes without a word is replaced once its session has ended. */
    public static void silentMemberIsReplaced(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        // A static member does not leave when it is closed: to the others it looks as if it had been killed.
        var silent = Map.<String, Object>of(
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "silent", ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "3000");
        try (var other = consumer(bootstrap, topic, Map.of())) {
            other.subscribe(List.of(topic));
            try (var member = consumer(bootstrap, topic, silent)) {
                member.subscribe(List.of(topic));
                balance(List.of(other, member));
            }
            balance(List.of(other));
        }
    }

    /** What an administrator sees of a group and does with it. */
    public static void administration(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        produce(bootstrap, topic, 0, 60);
        var first = new TopicPartition(topic, 0);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
                var consumer = consumer(bootstrap, topic, Map.of())) {
            consumer.subscribe(List.of(topic));
            values(consumer, 60);
            consumer.commitSync(Map.of(first, new OffsetAndMetadata(3, "note")));

            check(
                    admin.listConsumerGroups().all().get().stream()
                            .anyMatch(group -> group.groupId().equals(topic)),
                    "listed");
            var group = admin.describeConsumerGroups(List.of(topic)).all().get().get(topic);
            check(group.state() == ConsumerGroupState.STABLE, "stable, not " + group.state());
            check(group.members().size() == 1, "one member");
            check(
                    group.members()
                                    .iterator()
                                    .next()
                                    .assignment()
                                    .topicPartitions()
                                    .size()
                            == PARTITIONS,
                    "assigned");
            check("note".equals(offsets(admin, topic).get(first).metadata()), "metadata is kept");
            check(offsets(admin, topic).get(first).offset() == 3, "offset is kept");
            expect(
                    GroupNotEmptyException.class,
                    () -> admin.deleteConsumerGroups(List.of(topic)).all().get());
            expect(
                    GroupSubscribedToTopicException.class,
                    () -> admin.deleteConsumerGroupOffsets(topic, Set.of(first))
                            .all()
                            .get());
            admin.removeMembersFromConsumerGroup(topic, new RemoveMembersFromConsumerGroupOptions())
                    .all()
                    .get();
        }
        administerEmpty(bootstrap, topic, first);
    }

    private static void administerEmpty(String bootstrap, String topic, TopicPartition first) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.alterConsumerGroupOffsets(topic, Map.of(first, new OffsetAndMetadata(7)))
                    .all()
                    .get();
            check(offsets(admin, topic).get(first).offset() == 7, "altered");
            admin.deleteConsumerGroupOffsets(topic, Set.of(first)).all().get();
            check(!offsets(admin, topic).containsKey(first), "deleted offset");
            admin.deleteConsumerGroups(List.of(topic)).all().get();
            check(
                    admin.listConsumerGroups().all().get().stream()
                            .noneMatch(group -> group.groupId().equals(topic)),
                    "gone");
            expect(
                    GroupIdNotFoundException.class,
                    () -> admin.deleteConsumerGroups(List.of(topic)).all().get());
        }
    }

    /** A static member is removed by its instance id. */
    public static void staticMemberIsRemoved(String bootstrap, String topic) throws Exception {
        create(bootstrap, topic);
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            try (var member = consumer(bootstrap, topic, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "instance"))) {
                member.subscribe(List.of(topic));
                balance(List.of(member));
            }
            check(
                    admin.describeConsumerGroups(List.of(topic))
                                    .all()
                                    .get()
                                    .get(topic)
                                    .members()
                                    .size()
                            == 1,
                    "it stays");
            admin.removeMembersFromConsumerGroup(
                            topic, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove("instance"))))
                    .all()
                    .get();
            check(
                    admin.describeConsumerGroups(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .members()
                            .isEmpty(),
                    "it is gone");
        }
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsets(Admin admin, String group) throws Exception {
        var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
        admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get()
                .forEach((partition, offset) -> {
                    if (offset != null) {
                        offsets.put(partition, offset);
                    }
                });
        return offsets;
    }

    private interface Call {
        void run() throws Exception;
    }

    private static void expect(Class<? extends Exception> type, Call call) throws Exception {
        try {
            call.run();
        } catch (ExecutionException e) {
            check(type.isInstance(e.getCause()), type + " is thrown, not " + e.getCause());
            return;
        }
        throw new AssertionError(type + " is thrown");
    }

    /** Polls all until they share the partitions among them, all with some. */
    private static void balance(List<KafkaConsumer<String, String>> members) {
        for (var polls = 0; polls < POLLS; polls++) {
            members.forEach(member -> member.poll(POLL));
            var owned = new HashSet<TopicPartition>();
            var count = 0;
            for (var member : members) {
                owned.addAll(member.assignment());
                count += member.assignment().size();
            }
            if (owned.size() == PARTITIONS
                    && count == PARTITIONS
                    && members.stream().allMatch(member -> member.assignment().size() == PARTITIONS / members.size())) {
                return;
            }
        }
        throw new AssertionError("the partitions are never shared by " + members.size() + " members");
    }

    private static Set<String> values(KafkaConsumer<String, String> consumer, int count) {
        var values = new HashSet<String>();
        var read = 0;
        for (var polls = 0; polls < POLLS && read < count; polls++) {
            for (var record : consumer.poll(POLL)) {
                values.add(record.value());
                read++;
            }
        }
        check(read == count, read + " records are read, expected " + count);
        return values;
    }

    private static Set<String> range(int from, int to) {
        var values = new HashSet<String>();
        for (var value = from; value < to; value++) {
            values.add("value " + value);
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap, String group, Map<String, Object> more) {
        var settings = new HashMap<String, Object>(Map.of(
                "bootstrap.servers", bootstrap,
                "group.id", group,
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false",
                "heartbeat.interval.ms", "200",
                "session.timeout.ms", "60000",
                "key.deserializer", "org.apache.kafka.common.serialization.StringDeserializer",
                "value.deserializer", "org.apache.kafka.common.serialization.StringDeserializer"));
        settings.putAll(more);
        return new KafkaConsumer<>(settings);
    }

    private static void produce(String bootstrap, String topic, int from, int to) {
        try (var producer = new KafkaProducer<String, String>(Map.of(
                "bootstrap.servers", bootstrap,
                "key.serializer", "org.apache.kafka.common.serialization.StringSerializer",
                "value.serializer", "org.apache.kafka.common.serialization.StringSerializer"))) {
            for (var value = from; value < to; value++) {
                var unused = producer.send(new ProducerRecord<>(topic, value % PARTITIONS, null, "value " + value));
            }
        }
    }

    private static void create(String bootstrap, String topic) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("expected: " + what);
        }
    }
}
