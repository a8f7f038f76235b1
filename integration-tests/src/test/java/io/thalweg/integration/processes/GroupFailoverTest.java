package io.thalweg.integration.processes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members that are processes join, leave, are killed, and sleep for longer than their session lasts while their coordinator is killed:
 * every record is read, no partition has two owners in one generation, committed offsets never go back.
 */
@Timeout(300)
final class GroupFailoverTest {

    private static final Duration LIMIT = Duration.ofSeconds(90);
    private static final int PARTITIONS = 6;
    private static final int RECORDS = 300;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private static Path directory;

    private static ClusterProcesses cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = ClusterProcesses.start(
                directory,
                "offsets.topic.num.partitions=3",
                "group.initial.rebalance.delay.ms=0",
                "group.min.session.timeout.ms=1000",
                "group.consumer.min.session.timeout.ms=1000",
                "group.consumer.session.timeout.ms=3000",
                "group.consumer.min.heartbeat.interval.ms=100",
                "group.consumer.heartbeat.interval.ms=200");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static List<String> settings(String protocol, String group) {
        var settings = new ArrayList<>(List.of(
                "bootstrap.servers=" + cluster.bootstrap(),
                "group.id=" + group,
                "group.protocol=" + protocol,
                "auto.offset.reset=earliest",
                "enable.auto.commit=false",
                "retry.backoff.ms=50"));
        if (protocol.equals("classic")) {
            settings.addAll(List.of(
                    "heartbeat.interval.ms=200",
                    "session.timeout.ms=3000",
                    "partition.assignment.strategy=org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));
        }
        return settings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void aMemberWakesUpInAGroupThatHasMovedOn(String protocol) throws Exception {
        cluster.startAll();
        var topic = "woken-" + protocol;
        try (var admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
                var group = new GroupProcesses(directory, topic, settings(protocol, topic))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 3)))
                    .all()
                    .get();
            var first = group.hire();
            var second = group.hire();
            var third = group.hire();
            produce(topic, 0);
            awaitThat(() -> group.isShared(2, first, second, third));
            first.leave();
            awaitThat(() -> group.isShared(3, second, third));
            second.kill();
            var fourth = group.hire();
            awaitThat(() -> group.isShared(3, third, fourth));
            awaitThat(() -> group.committed(admin) == RECORDS);

            third.pause();
            cluster.server(coordinator(admin, topic)).kill();
            produce(topic, RECORDS);
            awaitThat(() -> group.isShared(6, fourth));
            third.resume();

            awaitThat(() -> group.isShared(3, third, fourth));
            awaitThat(() -> group.committed(admin) == 2 * RECORDS);
            awaitThat(() -> group.read().size() == 2 * RECORDS);
            assertThat(group.problems()).isEmpty();
        }
    }

    private static void awaitThat(Callable<Boolean> claim) {
        await().atMost(LIMIT).until(() -> {
            try {
                return claim.call();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RetriableException) {
                    return false;
                }
                throw e;
            }
        });
    }

    private static int coordinator(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .get(group)
                .coordinator()
                .id();
    }

    private static void produce(String topic, int from) throws Exception {
        try (var producer = new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", cluster.bootstrap()),
                new StringSerializer(),
                new StringSerializer())) {
            var sent = new ArrayList<Future<RecordMetadata>>();
            for (var value = from; value < from + RECORDS; value++) {
                sent.add(producer.send(new ProducerRecord<>(topic, value % PARTITIONS, null, "value " + value)));
            }
            for (var each : sent) {
                each.get();
            }
        }
    }
}
