package io.thalweg.broker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import io.thalweg.broker.request.TestClient;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;
import io.thalweg.protocol.message.DescribeClusterRequest;
import io.thalweg.protocol.message.DescribeClusterResponse;
import io.thalweg.protocol.message.MetadataRequest;
import io.thalweg.protocol.message.MetadataResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Brokers that are killed, stopped, cut off and started again while the controller moves and topics are created, one fault at a time: what
 * was acknowledged is known to all in the end, and all are there and lead. Seeded, though threads are real: a seed gives the same faults.
 */
final class ControlPlaneFaultsTest {

    private static final Map<String, String> CONFIG = Map.of(
            "broker.heartbeat.interval.ms", "50",
            "broker.session.timeout.ms", "1000",
            "controlled.shutdown.enable", "true");

    @Test
    @Timeout(300)
    void whatWasAcknowledgedIsThereWhenFaultsAreOver() {
        run(6);
    }

    @Test
    @Tag("slow")
    @Timeout(3_000)
    void theSameForALongTime() {
        for (int round = 0; round < 20; round++) {
            run(15);
        }
    }

    private static void run(int steps) {
        var given = System.getProperty("seed", "");
        long seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        var history = new ArrayList<String>();
        try (var cluster = TestCluster.start(3, CONFIG)) {
            var run = new Run(cluster, new Random(seed));
            for (int step = 0; step < steps; step++) {
                history.add(run.step(step));
            }
            run.check();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("failed with -Dseed=" + seed + " after " + history, e);
        }
    }

    private static final class Run {

        private final TestCluster cluster;
        private final Random random;
        private final TreeSet<String> acknowledged = new TreeSet<>();

        Run(TestCluster cluster, Random random) {
            this.cluster = cluster;
            this.random = random;
        }

        private int broker() {
            return 1 + random.nextInt(3);
        }

        String step(int number) {
            int victim = broker();
            int asked = victim % 3 + 1;
            return switch (random.nextInt(5)) {
                case 0 -> {
                    cluster.kill(victim);
                    create(asked, "killed-" + number);
                    cluster.start(victim);
                    yield "kill " + victim;
                }
                case 1 -> {
                    cluster.stop(victim);
                    create(asked, "stopped-" + number);
                    cluster.start(victim);
                    yield "stop " + victim;
                }
                case 2 -> {
                    cluster.cutOff(victim);
                    create(asked, "cut-off-" + number);
                    cluster.rejoin(victim);
                    yield "cut off " + victim;
                }
                case 3 -> {
                    cluster.quorum().lead(victim);
                    create(asked, "moved-" + number);
                    yield "controller moves to " + victim;
                }
                default -> {
                    create(asked, "plain-" + number);
                    yield "nothing";
                }
            };
        }

        /** One that was refused was refused for good; one whose answer was lost may be there or not. */
        private void create(int broker, String name) {
            try (var client = TestClient.connect(cluster.network(), cluster.endpoint(broker))) {
                var request = CreateTopicsRequest.builder()
                        .topics(List.of(CreateTopicsRequest.Topic.builder()
                                .name(name)
                                .numPartitions(4)
                                .replicationFactor((short) (1 + random.nextInt(2)))
                                .build()))
                        .build();
                var row = client.call(request, 7, CreateTopicsResponse.class)
                        .topics()
                        .get(0);
                var error = ErrorCode.forCode(row.errorCode()).orElseThrow();
                if (error == ErrorCode.NONE || error == ErrorCode.TOPIC_ALREADY_EXISTS) {
                    acknowledged.add(name);
                }
            }
        }

        void check() {
            for (int id = 1; id <= 3; id++) {
                int broker = id;
                try (var client = TestClient.connect(cluster.network(), cluster.endpoint(broker))) {
                    TestCluster.awaitThat("broker " + broker + " sees all brokers", () -> brokers(client) == 3);
                    TestCluster.awaitThat("broker " + broker + " sees every topic led", () -> isEverythingLed(client));
                }
            }
            TestCluster.awaitThat(
                    "all see the same",
                    () -> seenBy(1).equals(seenBy(2)) && seenBy(2).equals(seenBy(3)));
        }

        private static int brokers(TestClient client) {
            return client.call(DescribeClusterRequest.builder().build(), 0, DescribeClusterResponse.class)
                    .brokers()
                    .size();
        }

        private boolean isEverythingLed(TestClient client) {
            var topics = topics(client);
            assertThat(topics).extracting(MetadataResponse.Topic::name).containsAll(acknowledged);
            return topics.stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition -> partition.leaderId() > 0);
        }

        private List<MetadataResponse.Topic> seenBy(int broker) {
            try (var client = TestClient.connect(cluster.network(), cluster.endpoint(broker))) {
                return topics(client);
            }
        }

        private static List<MetadataResponse.Topic> topics(TestClient client) {
            return client.call(MetadataRequest.builder().topics(null).build(), 12, MetadataResponse.class)
                    .topics();
        }
    }
}
