package io.thalweg.broker.follower;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.TestCluster;
import io.thalweg.protocol.ErrorCode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Topics on three brokers that come and go. */
@Timeout(180)
final class ReplicationTest {

    private final TestCluster cluster = TestCluster.start(3, Map.of("replica.lag.time.max.ms", "2000"));
    private final ReplicatedTopic topic = new ReplicatedTopic(cluster, "orders");

    @AfterEach
    void end() {
        cluster.close();
    }

    @Test
    void whatIsAcknowledgedByAllSurvivesTheLeaderWithoutGapOrDuplicate() {
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        producer.write(40);
        var first = topic.leader();

        cluster.kill(first);
        producer.write(40);

        assertThat(topic.leader()).isNotEqualTo(first);
        assertThat(topic.read(producer.written().size())).isEqualTo(producer.written());
    }

    @Test
    void aBrokerThatComesBackCatchesUpAndCanLead() {
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        producer.write(10);
        var first = topic.leader();
        cluster.kill(first);
        producer.write(10);

        cluster.start(first);
        topic.awaitInSync(3);
        var second = topic.leader();
        cluster.kill(second);
        producer.write(10);
        cluster.start(second);
        topic.awaitInSync(3);

        assertThat(topic.read(producer.written().size())).isEqualTo(producer.written());
    }

    @Test
    void acksAllIsRefusedWhileTooFewAreInSync() {
        topic.create(2, 2);
        topic.idempotentProducer().write(5);
        var leader = topic.leader();
        // The third broker stays: with two gone nobody could decide who is in sync.
        cluster.kill(topic.follower());

        TestCluster.awaitThat(
                "the leader is alone in sync",
                () -> topic.produce(leader, -1, "refused").errorCode() == ErrorCode.NOT_ENOUGH_REPLICAS.code());

        assertThat(topic.produce(leader, 1, "taken").errorCode()).isEqualTo(ErrorCode.NONE.code());
    }

    @Test
    void aFollowerNamesTheLeader() {
        topic.create(3, 2);
        var leader = topic.leader();

        TestCluster.awaitThat("the follower names the leader", () -> {
            var refused = topic.produce(leader % 3 + 1, -1, "astray");
            return refused.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER.code()
                    && refused.currentLeader().leaderId() == leader;
        });
    }

    @Test
    void recordsOutliveARestartOfAll() {
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        producer.write(20);

        List.of(1, 2, 3).forEach(cluster::kill);
        cluster.startAll();
        producer.write(20);

        assertThat(topic.read(producer.written().size())).isEqualTo(producer.written());
    }

    @Test
    void aFollowerIsReadAndWakesWhoWaitsThere() {
        topic.create(3, 2);
        var producer = topic.idempotentProducer();
        producer.write(3);
        var follower = topic.follower();
        TestCluster.awaitThat(
                "the follower shows what is committed",
                () -> topic.readAt(follower, 0, 0).equals(producer.written()));

        var waiting = CompletableFuture.supplyAsync(
                () -> topic.readAt(follower, 3, 60_000), task -> new Thread(task).start());
        producer.write(1);

        assertThat(waiting.orTimeout(50, TimeUnit.SECONDS).join()).containsExactly("record 3");
    }

    @Test
    void aFollowerTellsWhichProducersItRemembers() {
        topic.create(3, 2);
        topic.idempotentProducer().write(3);
        var follower = topic.follower();

        TestCluster.awaitThat(
                "the follower has heard of the producer's last record",
                () -> topic.lastSequencesAt(follower).equals(List.of(2)));
    }
}
