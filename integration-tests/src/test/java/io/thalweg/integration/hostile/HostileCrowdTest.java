package io.thalweg.integration.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import io.thalweg.integration.wire.RawClient;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.DescribeConfigsRequest;
import io.thalweg.protocol.message.DescribeConfigsResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many clients at once, and clients that do not take their answers: memory stays bounded, and others are served. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class HostileCrowdTest {

    private static final int IDLE_CONNECTIONS = 5_000;
    /** Both ends of each are in this process, and clients, logs and jars have some open, too. */
    private static final int DESCRIPTORS_NEEDED = 2 * IDLE_CONNECTIONS + 1_000;

    @RegisterExtension
    private static final Scene scene = new Scene();

    @Test
    void aStormOfConnectsPasses() throws Exception {
        var before = Memory.nettyBytes();
        var threads = new ArrayList<Thread>();
        var storms = new ArrayList<Storm>();
        for (var number = 0; number < 4; number++) {
            var storm = new Storm(500);
            storms.add(storm);
            threads.add(new Thread(storm, "storm-" + number));
        }

        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        assertThat(storms).extracting(Storm::failure).containsOnlyNulls();
        assertThat(Memory.nettyBytes() - before).isLessThan(Memory.BOUND_BYTES);
    }

    /** Connects again and again, and leaves in one of several ways. */
    private static final class Storm implements Runnable {

        private final int rounds;
        private Exception failure;

        Storm(int rounds) {
            this.rounds = rounds;
        }

        @Override
        public void run() {
            try {
                for (var round = 0; round < rounds; round++) {
                    strike(round);
                }
            } catch (Exception e) {
                failure = e;
            }
        }

        private static void strike(int round) throws Exception {
            try (var client = scene.connect()) {
                switch (round % 4) {
                    case 0 -> client.reset();
                    case 1 -> client.send(new byte[] {-1, -1, -1, -1}).bytesUntilHungUp();
                    case 2 ->
                        client.send(new ApiVersionsRequest("storm", "1"), 3, round)
                                .reset();
                    default -> client.ask(new ApiVersionsRequest("storm", "1"), 3);
                }
            }
        }

        /** What went wrong; after the thread has ended. */
        Exception failure() {
            return failure;
        }
    }

    @Test
    void fiveThousandIdleConnectionsCostLittleAndStayUsable() throws Exception {
        var descriptors =
                ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getMaxFileDescriptorCount();
        assumeTrue(
                descriptors >= DESCRIPTORS_NEEDED,
                "this process may open " + descriptors + " files; ulimit -n " + DESCRIPTORS_NEEDED + " is needed");
        var before = Memory.nettyBytes();
        var idle = new ArrayList<RawClient>();
        try {
            for (var number = 0; number < IDLE_CONNECTIONS; number++) {
                var client = scene.connect();
                idle.add(client);
                client.ask(new ApiVersionsRequest("idle", "1"), 3);
            }

            scene.bystanderNoticedNothing();

            assertThat(Memory.nettyBytes() - before).isLessThan(Memory.BOUND_BYTES);
            assertThat(idle.get(0).ask(new ApiVersionsRequest("idle", "1"), 3)).isNotNull();
            assertThat(idle.get(IDLE_CONNECTIONS - 1).ask(new ApiVersionsRequest("idle", "1"), 3))
                    .isNotNull();
        } finally {
            for (var client : idle) {
                client.reset();
            }
        }
    }

    /** A request with an answer a thousand times its size. */
    private static DescribeConfigsRequest describeBroker() {
        var broker = DescribeConfigsRequest.Resource.builder()
                .resourceType((byte) 4)
                .resourceName("1")
                .build();
        return DescribeConfigsRequest.builder()
                .resources(List.of(broker))
                .includeSynonyms(true)
                .includeDocumentation(true)
                .build();
    }

    @Test
    void aClientThatTakesNoAnswersHoldsFewOfThem() throws Exception {
        var count = 2_000;
        var before = Memory.nettyBytes();
        try (var client = scene.connect();
                var other = scene.connect();
                var third = scene.connect()) {
            for (var number = 0; number < count; number++) {
                client.send(describeBroker(), 4, number);
            }
            for (var number = 0; number < 200; number++) {
                // Each event loop has answered somebody, so it has begun more of the client's requests if it was going
                // to.
                other.ask(new ApiVersionsRequest("other", "1"), 3);
                third.ask(new ApiVersionsRequest("third", "1"), 3);
                assertThat(Memory.nettyBytes() - before).isLessThan(Memory.BOUND_BYTES);
            }

            var total = 0L;
            for (var number = 0; number < count; number++) {
                var answer = (DescribeConfigsResponse) client.answer(ApiKey.DESCRIBE_CONFIGS, 4, number);
                total += answer.sizeInBytes((short) 4);
            }
            assertThat(total).isGreaterThan(Memory.BOUND_BYTES);
        }
    }

    @Test
    void clientsThatLeaveWithoutTheirAnswersLeaveNothingBehind() throws IOException {
        var before = Memory.nettyBytes();
        for (var number = 0; number < 200; number++) {
            try (var client = scene.connect()) {
                for (var request = 0; request < 20; request++) {
                    client.send(describeBroker(), 4, request);
                }
                client.reset();
            }
        }

        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> Memory.nettyBytes() - before < Memory.BOUND_BYTES);
    }
}
