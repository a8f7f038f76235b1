package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.listOffsets;
import static io.thalweg.broker.request.Requests.only;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DeleteRecordsRequest;
import io.thalweg.protocol.message.DeleteRecordsResponse;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ListOffsetsResponse;
import io.thalweg.protocol.message.OffsetForLeaderEpochRequest;
import io.thalweg.protocol.message.OffsetForLeaderEpochResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A partition that this broker leads and whose log it cannot use; clients shall not look for another leader. */
final class OfflinePartitionTest {

    private static final short LATEST = -1;
    private static final short STORAGE_ERROR = ErrorCode.KAFKA_STORAGE_ERROR.code();

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final HostedTopic topic = broker.createTopic("orders", 1);

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aLogThatCannotBeOpenedIsAStorageErrorToEveryRequest() {
        assertThat(append()).isZero();

        broker.failToLead(topic);

        assertThat(topic.partitions().get(0).isOffline()).isTrue();
        assertThat(append()).isEqualTo(STORAGE_ERROR);
        assertThat(read()).isEqualTo(STORAGE_ERROR);
        assertThat(findEnd()).isEqualTo(STORAGE_ERROR);
        assertThat(findEpoch()).isEqualTo(STORAGE_ERROR);
        assertThat(deleteRecords()).isEqualTo(STORAGE_ERROR);
    }

    @Test
    void aLogThatCannotBeCommittedIsAStorageErrorFromThenOn() {
        broker.engine().refuseCommits();

        assertThat(append()).isEqualTo(STORAGE_ERROR);

        assertThat(append()).isEqualTo(STORAGE_ERROR);
        assertThat(read()).isEqualTo(STORAGE_ERROR);
    }

    @Test
    void anEngineThatThrowsTakesThePartitionOfflineAndNotTheShard() {
        var other = broker.createTopic("returns", 1);
        broker.engine().throwOnCommit(true);
        assertThat(append()).isEqualTo(STORAGE_ERROR);
        assertThat(append()).isEqualTo(STORAGE_ERROR);

        broker.engine().throwOnCommit(false);

        assertThat(append(other)).isZero();
    }

    @Test
    void aWaitingFetchHearsOfIt() {
        var answer = client.send(
                fetch(fetchTopic(topic, fetchPartition(0, 0)))
                        .maxWaitMillis(Integer.MAX_VALUE)
                        .build(),
                12);
        broker.engine().refuseCommits();

        assertThat(append()).isEqualTo(STORAGE_ERROR);

        assertThat(only((FetchResponse) TestClient.get(answer)).errorCode()).isEqualTo(STORAGE_ERROR);
    }

    @Test
    void whoeverElseLeadsItIsNotItsConcern() {
        broker.engine().refuseCommits();
        assertThat(append()).isEqualTo(STORAGE_ERROR);

        broker.giveUp(topic, 0);

        assertThat(append()).isEqualTo(ErrorCode.NOT_LEADER_OR_FOLLOWER.code());
        assertThat(topic.partitions().get(0).isOffline()).isFalse();
    }

    private short append() {
        return append(topic);
    }

    private short append(HostedTopic to) {
        // Another connection than the one whose fetch may wait.
        return only(broker.client().call(produce(to, 0, ALL, batch("a")), 9, ProduceResponse.class))
                .errorCode();
    }

    private short read() {
        return only(client.call(fetch(fetchTopic(topic, fetchPartition(0, 0))).build(), 12, FetchResponse.class))
                .errorCode();
    }

    private short findEnd() {
        var answer = client.call(listOffsets(topic, LATEST).build(), 7, ListOffsetsResponse.class);
        return answer.topics().get(0).partitions().get(0).errorCode();
    }

    private short findEpoch() {
        var request = OffsetForLeaderEpochRequest.builder()
                .topics(List.of(OffsetForLeaderEpochRequest.Topic.builder()
                        .topic(topic.name())
                        .partitions(List.of(OffsetForLeaderEpochRequest.Partition.builder()
                                .partition(0)
                                .currentLeaderEpoch(-1)
                                .build()))
                        .build()))
                .build();
        var answer = client.call(request, 4, OffsetForLeaderEpochResponse.class);
        return answer.topics().get(0).partitions().get(0).errorCode();
    }

    private short deleteRecords() {
        var request = DeleteRecordsRequest.builder()
                .topics(List.of(DeleteRecordsRequest.Topic.builder()
                        .name(topic.name())
                        .partitions(List.of(DeleteRecordsRequest.Partition.builder()
                                .partitionIndex(0)
                                .offset(0)
                                .build()))
                        .build()))
                .build();
        var answer = client.call(request, 2, DeleteRecordsResponse.class);
        return answer.topics().get(0).partitions().get(0).errorCode();
    }
}
