package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.only;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.coordinator.metadata.PartitionImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsRequest;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a leader tells brokers that follow it; brokers 1, which leads, and 2 are in sync, broker 3 is assigned. */
final class FollowerFetchTest {

    private static final int FOLLOWER = FakeCluster.BROKER + 1;
    private static final long FOLLOWER_EPOCH = 100 + FOLLOWER;

    private final BrokerFixture broker = new BrokerFixture(BrokerFixture.Options.DEFAULT.withInSync(2));
    private final TestClient follower = broker.client();
    private final TestClient producer = broker.client();
    private final HostedTopic topic = broker.createTopic("orders", 1);

    @BeforeEach
    void register() {
        broker.cluster.register(FOLLOWER, "follower", 1, FakeCluster.LISTENER, false);
        broker.cluster.change(image -> image.with(image.topic("orders")
                .orElseThrow()
                .with(PartitionImage.created(
                        0, List.of(FakeCluster.BROKER, FOLLOWER), List.of(FakeCluster.BROKER, FOLLOWER)))));
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aFollowerReadsUpToTheEndAndAcknowledgesWhatItAsksForNoMore() {
        var produced = producer.send(produce(topic, 0, Requests.ALL, batch("a", "b")), 12);

        var first = awaitBatches();
        assertThat(first.highWatermark()).isZero();
        assertThat(produced).isNotDone();
        var second = only(ask(from(2, 5)));

        var answer = only((ProduceResponse) TestClient.get(produced));
        assertThat(answer.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(second.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(topic.partitions().get(0).highWatermark()).isEqualTo(2);
    }

    private FetchResponse.Partition awaitBatches() {
        await().atMost(20, TimeUnit.SECONDS)
                .until(() -> topic.partitions().get(0).logEndOffset() == 2);
        return only(ask(from(0, -1)));
    }

    @Test
    void anEarlierLifeOfAFollowerIsNotListenedTo() {
        var refused = follower.call(by(FOLLOWER, FOLLOWER_EPOCH - 1, from(0, -1)), 17, FetchResponse.class);

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.STALE_BROKER_EPOCH.code());
    }

    @Test
    void aBrokerThatIsNotAssignedIsToldThatMetadataDisagree() {
        broker.cluster.register(9, "stranger", 1, FakeCluster.LISTENER, false);

        var refused = only(follower.call(by(9, 109, from(0, -1)), 17, FetchResponse.class));

        assertThat(refused.errorCode()).isEqualTo(ErrorCode.UNKNOWN_LEADER_EPOCH.code());
    }

    @Test
    void aFollowerThatPartsFromTheLogAcknowledgesNothing() {
        producer.call(produce(topic, 0, (short) 1, batch("a", "b")), 12, ProduceResponse.class);

        var parting = only(ask(from(2, 3)));

        assertThat(parting.divergingEpoch().endOffset()).isZero();
        assertThat(topic.partitions().get(0).highWatermark()).isZero();
    }

    @Test
    void aFollowerWithoutRecordsBeyondTheEndIsToldWhereTheLogEnds() {
        producer.call(produce(topic, 0, (short) 1, batch("a", "b")), 12, ProduceResponse.class);

        var parting = only(ask(from(7, -1)));

        assertThat(parting.divergingEpoch().endOffset()).isEqualTo(2);
    }

    @Test
    void aWaitingFollowerIsWokenByTheEndAndNotByTheHighWatermark() {
        var waiting = follower.send(by(FOLLOWER, FOLLOWER_EPOCH, from(0, -1).maxWaitMillis(60_000)), 17);
        await().atMost(20, TimeUnit.SECONDS).until(() -> broker.waitingFetchCount() == 1);

        producer.sendOnly(produce(topic, 0, Requests.ALL, batch("a")), 12);

        var answer = only((FetchResponse) TestClient.get(waiting));
        assertThat(Requests.batches(answer)).hasSize(1);
        assertThat(answer.highWatermark()).isZero();
        ask(from(1, 5));
    }

    @Test
    void aLeaderThatDoesNotKnowHowFarTheLastOneCameTellsNoEnd() {
        producer.call(produce(topic, 0, (short) 1, batch("a", "b")), 12, ProduceResponse.class);
        broker.leadAgain(topic);

        assertThat(latest(5)).isEqualTo(ErrorCode.OFFSET_NOT_AVAILABLE.code());
        assertThat(latest(4)).isEqualTo(ErrorCode.LEADER_NOT_AVAILABLE.code());
        ask(from(2, 5));
        await().atMost(20, TimeUnit.SECONDS).until(() -> latest(5) == ErrorCode.NONE.code());
    }

    @Test
    void aConsumerIsSentToTheReplicaInItsRack() {
        producer.call(produce(topic, 0, (short) 1, batch("a")), 12, ProduceResponse.class);

        var sent = only(producer.call(from(0, -1).rackId("rack-2").build(), 17, FetchResponse.class));
        var stays = only(producer.call(from(0, -1).rackId("rack-1").build(), 17, FetchResponse.class));
        var unknown = only(producer.call(from(0, -1).rackId("rack-9").build(), 17, FetchResponse.class));

        assertThat(sent.preferredReadReplica()).isEqualTo(FOLLOWER);
        assertThat(stays.preferredReadReplica()).isEqualTo(-1);
        assertThat(unknown.preferredReadReplica()).isEqualTo(-1);
    }

    private short latest(int version) {
        var request = ListOffsetsRequest.builder()
                .replicaId(-1)
                .topics(List.of(ListOffsetsRequest.Topic.builder()
                        .name(topic.name())
                        .partitions(List.of(ListOffsetsRequest.Partition.builder()
                                .partitionIndex(0)
                                .timestamp(-1)
                                .build()))
                        .build()))
                .build();
        return producer.call(request, version, ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .errorCode();
    }

    private FetchResponse ask(FetchRequest.Builder request) {
        return follower.call(by(FOLLOWER, FOLLOWER_EPOCH, request), 17, FetchResponse.class);
    }

    private FetchRequest.Builder from(long offset, int lastEpoch) {
        return fetch(fetchTopic(
                topic,
                FetchRequest.Partition.builder()
                        .partition(0)
                        .fetchOffset(offset)
                        .currentLeaderEpoch(broker.leaderEpoch())
                        .lastFetchedEpoch(lastEpoch)
                        .partitionMaxBytes(1 << 20)
                        .build()));
    }

    private static FetchRequest by(int brokerId, long brokerEpoch, FetchRequest.Builder request) {
        return request.replicaState(FetchRequest.ReplicaState.builder()
                        .replicaId(brokerId)
                        .replicaEpoch(brokerEpoch)
                        .build())
                .build();
    }
}
