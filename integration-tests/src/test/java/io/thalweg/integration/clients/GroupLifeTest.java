package io.thalweg.integration.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.Broker;
import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members of groups of either protocol come, go, crash and fall asleep, and their coordinator moves from broker to broker: every record is
 * read, no partition has two owners, committed offsets never go back.
 */
@Timeout(300)
final class GroupLifeTest {

    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Map<Integer, Broker> BROKERS = new TreeMap<>();

    @TempDir
    private static Path directory;

    private static InProcessQuorum quorum;

    @BeforeAll
    static void start() throws Exception {
        quorum = InProcessQuorum.of(1, 2, 3);
        var starts = List.of(1, 2, 3).stream()
                .map(id ->
                        CompletableFuture.supplyAsync(() -> start(id), task -> new Thread(task, "start-" + id).start()))
                .toList();
        for (int id = 1; id <= 3; id++) {
            BROKERS.put(id, starts.get(id - 1).get(100, TimeUnit.SECONDS));
        }
    }

    private static Broker start(int id) {
        try {
            return Broker.builder()
                    .nodeId(id)
                    .listen("127.0.0.1:0")
                    .storage(FileStorage.at(Files.createDirectories(directory.resolve("broker-" + id))))
                    .metadataLog(quorum)
                    .config("broker.session.timeout.ms", "60000")
                    .config("offsets.topic.num.partitions", "3")
                    .config("group.initial.rebalance.delay.ms", "0")
                    .config("group.consumer.min.session.timeout.ms", "1000")
                    .config("group.consumer.session.timeout.ms", "6000")
                    .config("group.consumer.min.heartbeat.interval.ms", "100")
                    .config("group.consumer.heartbeat.interval.ms", "200")
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterAll
    static void stop() {
        BROKERS.values().forEach(Broker::close);
    }

    private static String bootstrap() {
        return BROKERS.values().stream().map(Broker::bootstrap).collect(Collectors.joining(","));
    }

    private static Map<String, Object> settings(String protocol) {
        var settings = new HashMap<String, Object>(
                Map.of("group.protocol", protocol, "max.poll.interval.ms", "3000", "retry.backoff.ms", "50"));
        if (protocol.equals("classic")) {
            settings.putAll(Map.of(
                    "heartbeat.interval.ms",
                    "200",
                    "session.timeout.ms",
                    "6000",
                    "partition.assignment.strategy",
                    "org.apache.kafka.clients.consumer.CooperativeStickyAssignor"));
        }
        return settings;
    }

    private static void create(Admin admin, String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, GroupCrew.PARTITIONS, (short) 3)))
                .all()
                .get();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void membersShareWhateverBecomesOfThem(String protocol) throws Exception {
        var topic = "life-" + protocol;
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
                var crew = new GroupCrew(bootstrap(), topic, settings(protocol))) {
            create(admin, topic);
            var first = crew.hire();
            GroupCrew.produce(bootstrap(), topic, 0, 300);
            var second = crew.hire();
            var third = crew.hire();
            awaitShares(crew, first, second, third);
            first.leave();
            awaitShares(crew, second, third);
            second.crash();
            awaitShares(crew, third);
            var fourth = crew.hire();
            awaitShares(crew, third, fourth);
            third.pause();
            awaitShares(crew, fourth);
            GroupCrew.produce(bootstrap(), topic, 300, 600);
            third.goOn();
            awaitShares(crew, third, fourth);
            await().atMost(LIMIT).until(() -> crew.read().size() == 600);
            crew.lookAtCommits(admin);
            assertThat(crew.problems()).isEmpty();
        }
    }

    private static void awaitShares(GroupCrew crew, GroupCrew.Worker... workers) {
        await("shares of " + workers.length)
                .atMost(LIMIT)
                .until(() -> crew.ownedCount() == GroupCrew.PARTITIONS
                        && List.of(workers).stream()
                                .allMatch(worker ->
                                        crew.ownedBy(worker) == (long) GroupCrew.PARTITIONS / workers.length));
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void theGroupGoesOnWhenItsCoordinatorMoves(String protocol) throws Exception {
        var topic = "failover-" + protocol;
        try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap()));
                var crew = new GroupCrew(bootstrap(), topic, settings(protocol))) {
            create(admin, topic);
            var first = crew.hire();
            var second = crew.hire();
            var third = crew.hire();
            awaitShares(crew, first, second, third);
            for (var round = 0; round < 2; round++) {
                GroupCrew.produce(bootstrap(), topic, round * 300, (round + 1) * 300);
                crew.lookAtCommits(admin);
                restart(coordinator(admin, topic));
                lookAgain(crew, admin);
                var expected = (round + 1) * 300;
                await().atMost(LIMIT).until(() -> crew.read().size() == expected);
                awaitShares(crew, first, second, third);
            }
            assertThat(crew.problems()).isEmpty();
        }
    }

    private static void lookAgain(GroupCrew crew, Admin admin) {
        await().atMost(LIMIT)
                .ignoreExceptionsMatching(failure -> GroupCrew.isTransient(failure.getCause()))
                .untilAsserted(() -> crew.lookAtCommits(admin));
    }

    private static int coordinator(Admin admin, String group) throws Exception {
        return admin.describeConsumerGroups(List.of(group))
                .all()
                .get()
                .get(group)
                .coordinator()
                .id();
    }

    private static void restart(int id) {
        BROKERS.get(id).close();
        BROKERS.put(id, start(id));
    }
}
