package io.thalweg.integration.clients;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Members of one group, each on its own thread, who read a topic and commit; notes what they read, what they own and what goes wrong. May
 * be asked by any thread.
 */
final class GroupCrew implements AutoCloseable {

    static final int PARTITIONS = 6;
    private static final Duration POLL = Duration.ofMillis(50);

    private final String bootstrap;
    private final String topic;
    private final Map<String, Object> settings;
    private final Map<TopicPartition, Worker> owners = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> committed = new ConcurrentHashMap<>();
    private final Set<String> read = ConcurrentHashMap.newKeySet();
    private final ConcurrentLinkedQueue<String> problems = new ConcurrentLinkedQueue<>();
    private final List<Worker> workers = new ArrayList<>();

    GroupCrew(String bootstrap, String topic, Map<String, Object> settings) {
        this.bootstrap = bootstrap;
        this.topic = topic;
        this.settings = Map.copyOf(settings);
    }

    Worker hire() {
        var worker = new Worker();
        workers.add(worker);
        worker.thread.start();
        return worker;
    }

    /** What was read so far, by whomever. */
    Set<String> read() {
        return read;
    }

    /** How many partitions have an owner. */
    int ownedCount() {
        return owners.size();
    }

    /** How many partitions the worker owns. */
    long ownedBy(Worker worker) {
        return owners.values().stream().filter(worker::equals).count();
    }

    /** What must not happen and did. */
    List<String> problems() {
        return List.copyOf(problems);
    }

    /** Sends so many records and waits until they are acknowledged. */
    static void produce(String bootstrap, String topic, int from, int to) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap, ProducerConfig.LINGER_MS_CONFIG, 5),
                new StringSerializer(),
                new StringSerializer())) {
            var sent = new ArrayList<Future<RecordMetadata>>();
            for (var value = from; value < to; value++) {
                sent.add(producer.send(new ProducerRecord<>(topic, value % PARTITIONS, null, "value " + value)));
            }
            for (var each : sent) {
                each.get();
            }
        }
    }

    /** Offsets of the group as an administrator sees them never go back from one look to the next. */
    void lookAtCommits(Admin admin) throws Exception {
        for (var each : admin.listConsumerGroupOffsets(topic)
                .partitionsToOffsetAndMetadata()
                .get()
                .entrySet()) {
            if (each.getValue() == null) {
                continue;
            }
            var offset = each.getValue().offset();
            var before = committed.put(each.getKey(), offset);
            if (before != null && before > offset) {
                problems.add(each.getKey() + " went back from " + before + " to " + offset);
            }
        }
    }

    @Override
    public void close() {
        workers.forEach(Worker::leave);
        workers.forEach(worker -> await().atMost(Duration.ofMinutes(1)).until(() -> !worker.thread.isAlive()));
    }

    /** One member. */
    final class Worker implements ConsumerRebalanceListener {

        private final Thread thread = new Thread(this::work, "worker-" + workers.size());
        private final AtomicBoolean isLeaving = new AtomicBoolean();
        private final AtomicBoolean isCrashing = new AtomicBoolean();
        private volatile CountDownLatch pause = new CountDownLatch(0);

        /** Leaves as it should. */
        void leave() {
            isLeaving.set(true);
            pause.countDown();
        }

        /** Goes without a word, as the coordinator sees it. */
        void crash() throws InterruptedException {
            isCrashing.set(true);
            leave();
            thread.join();
        }

        /** Stops polling. */
        void pause() {
            pause = new CountDownLatch(1);
        }

        void goOn() {
            pause.countDown();
        }

        private void work() {
            var all = new HashMap<>(settings);
            all.putAll(Map.of(
                    "bootstrap.servers",
                    bootstrap,
                    "group.id",
                    topic,
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    "false"));
            try (var consumer = new KafkaConsumer<>(all, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of(topic), this);
                while (!isLeaving.get()) {
                    step(consumer);
                }
                consumer.close(CloseOptions.groupMembershipOperation(
                        isCrashing.get()
                                ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                                : CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
            } catch (InterruptedException | KafkaException e) {
                problems.add(thread.getName() + " ended with " + e);
            } finally {
                onPartitionsLost(List.copyOf(owners.keySet()));
            }
        }

        private void step(KafkaConsumer<String, String> consumer) throws InterruptedException {
            if (pause.getCount() > 0) {
                // Others may take over what it has, and it uses nothing meanwhile.
                onPartitionsLost(List.copyOf(owners.keySet()));
                pause.await();
            }
            var records = consumer.poll(POLL);
            records.forEach(record -> read.add(record.value()));
            try {
                consumer.commitSync();
            } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
                // What was read is read again by whoever has the partition now.
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            for (var partition : partitions) {
                var other = owners.put(partition, this);
                if (other != null && other != this) {
                    problems.add(partition + " was assigned while " + other.thread.getName() + " had it");
                }
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            onPartitionsLost(partitions);
        }

        @Override
        public void onPartitionsLost(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> owners.remove(partition, this));
        }
    }

    /** Whether a call to a cluster that changes is worth trying again. */
    static boolean isTransient(@Nullable Throwable failure) {
        return failure instanceof RetriableException;
    }
}
