package io.thalweg.broker.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One broker after the other is killed or cut off in the middle of writing; whatever was acknowledged is there, once and in order. */
final class ReplicationCampaignTest {

    @Test
    @Timeout(300)
    void writesGoOnThroughFaults() {
        run(2);
    }

    @Test
    @Timeout(3_000)
    @Tag("slow")
    void writesGoOnThroughManyFaults() {
        run(Integer.getInteger("rounds", 40));
    }

    private static void run(int rounds) {
        var given = System.getProperty("seed", "");
        var seed = given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
        try (var cluster = TestCluster.start(3, Map.of("replica.lag.time.max.ms", "2000"))) {
            run(cluster, new SplittableRandom(seed), rounds);
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("fails with -Dseed=" + seed + ": " + failure, failure);
        }
    }

    private static void run(TestCluster cluster, SplittableRandom random, int rounds) {
        var topic = new ReplicatedTopic(cluster, "orders");
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        for (var round = 0; round < rounds; round++) {
            producer.write(random.nextInt(20));
            var broker = random.nextBoolean() ? topic.leader() : 1 + random.nextInt(3);
            if (random.nextBoolean()) {
                cluster.kill(broker);
                producer.write(random.nextInt(20));
                cluster.start(broker);
            } else {
                cluster.cutOff(broker);
                producer.writeThrough(broker % 3 + 1, random.nextInt(20));
                cluster.rejoin(broker);
            }
            if (random.nextBoolean()) {
                topic.awaitInSync(3);
            }
        }
        topic.awaitInSync(3);
        assertThat(topic.read(producer.written().size())).isEqualTo(producer.written());
    }
}
