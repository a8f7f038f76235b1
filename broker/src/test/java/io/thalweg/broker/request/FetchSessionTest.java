package io.thalweg.broker.request;

import static io.thalweg.broker.request.Requests.ALL;
import static io.thalweg.broker.request.Requests.batch;
import static io.thalweg.broker.request.Requests.fetch;
import static io.thalweg.broker.request.Requests.fetchPartition;
import static io.thalweg.broker.request.Requests.fetchTopic;
import static io.thalweg.broker.request.Requests.produce;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FetchRequest;
import io.thalweg.protocol.message.FetchResponse;
import io.thalweg.protocol.message.ProduceResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FetchSessionTest {

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();
    private final TestClient producer = broker.client();
    private final HostedTopic topic = broker.createTopic("orders", 3);

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aFetchWithoutASessionHasNone() {
        assertThat(ask(12, 0, -1, all()).sessionId()).isZero();
        assertThat(ask(12, 0, -1, all()).responses()).hasSize(1);
    }

    @Test
    void aSessionAnswersOnlyWithNews() {
        append(0, "a");
        var first = ask(12, 0, 0, all());
        assertThat(first.sessionId()).isPositive();
        assertThat(partitions(first)).containsExactly(0, 1, 2);

        append(2, "b");
        var second = ask(12, first.sessionId(), 1, at(0, 1));

        assertThat(second.sessionId()).isEqualTo(first.sessionId());
        assertThat(partitions(second)).containsExactly(2);
        var third = ask(12, first.sessionId(), 2, at(2, 1));
        assertThat(third.responses()).isEmpty();
    }

    @Test
    void aWaitingSessionIsWokenByTheOneThatHasNews() {
        var session = ask(12, 0, 0, all()).sessionId();
        var waiting = client.send(
                fetch().sessionId(session).sessionEpoch(1).maxWaitMillis(60_000).build(), 12);

        append(1, "wakes");

        assertThat(partitions((FetchResponse) TestClient.get(waiting))).containsExactly(1);
    }

    @Test
    void aForgottenPartitionIsNotReadAnyMore() {
        var session = ask(12, 0, 0, all()).sessionId();
        append(0, "a");
        append(1, "b");
        var forgetting = fetch().sessionId(session)
                .sessionEpoch(1)
                .forgottenTopicsData(List.of(FetchRequest.ForgottenTopic.builder()
                        .topic("orders")
                        .partitions(List.of(0))
                        .build()));

        var answer = client.call(forgetting.build(), 12, FetchResponse.class);

        assertThat(partitions(answer)).containsExactly(1);
    }

    @Test
    void aPartitionMayBeAddedLater() {
        var session = ask(12, 0, 0, fetchTopic(topic, fetchPartition(0, 0))).sessionId();
        append(2, "a");

        var answer = ask(12, session, 1, fetchTopic(topic, fetchPartition(2, 0)));

        assertThat(partitions(answer)).containsExactly(2);
    }

    @Test
    void anUnknownSessionIsNotFound() {
        assertThat(error(ask(12, 77, 1, all()))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        var session = ask(12, 0, 0, all()).sessionId();
        assertThat(error(ask(12, session + 1, 1, all()))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aSessionEndsWithItsConnection() {
        var session = ask(12, 0, 0, all()).sessionId();

        var answer =
                broker.client().call(fetch().sessionId(session).sessionEpoch(1).build(), 12, FetchResponse.class);

        assertThat(error(answer)).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void epochsFollowOneAnother() {
        var session = ask(12, 0, 0, all()).sessionId();

        assertThat(error(ask(12, session, 2))).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(error(ask(12, session, 1))).isEqualTo(ErrorCode.NONE);
        assertThat(error(ask(12, session, 1))).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(error(ask(12, session, 2))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aFinalFetchEndsTheSession() {
        var session = ask(12, 0, 0, all()).sessionId();

        var last = ask(12, session, -1, all());

        assertThat(last.sessionId()).isZero();
        assertThat(partitions(last)).containsExactly(0, 1, 2);
        assertThat(error(ask(12, session, 1))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void aFullFetchBeginsAnotherSession() {
        var first = ask(12, 0, 0, all()).sessionId();

        var second = ask(12, first, 0, fetchTopic(topic, fetchPartition(1, 0)));

        assertThat(second.sessionId()).isNotIn(0, first);
        assertThat(partitions(second)).containsExactly(1);
        assertThat(error(ask(12, first, 1))).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        assertThat(error(ask(12, second.sessionId(), 1))).isEqualTo(ErrorCode.NONE);
    }

    @Test
    void aSessionDoesNotMixNamesAndIds() {
        var session = ask(12, 0, 0, all()).sessionId();

        assertThat(error(ask(13, session, 1))).isEqualTo(ErrorCode.FETCH_SESSION_TOPIC_ID_ERROR);
    }

    @Test
    void sessionsByIdWorkAlike() {
        var session = ask(17, 0, 0, all()).sessionId();
        append(1, "a");

        var answer = ask(17, session, 1);

        assertThat(partitions(answer)).containsExactly(1);
        assertThat(answer.responses().get(0).topicId()).isEqualTo(topic.id());
    }

    @Test
    void anErrorIsToldEachTimeAndItsEndOnce() {
        broker.giveUp(topic, 1);
        var session = ask(12, 0, 0, all()).sessionId();

        assertThat(partitions(ask(12, session, 1))).containsExactly(1);
        assertThat(partitions(ask(12, session, 2))).containsExactly(1);
        broker.leadAgain(topic);

        var after = ask(12, session, 3);
        assertThat(partitions(after)).containsExactly(1);
        assertThat(after.responses().get(0).partitions().get(0).errorCode()).isZero();
        assertThat(ask(12, session, 4).responses()).isEmpty();
    }

    @Test
    void partitionsThatWereServedGoLast() {
        var large = "x".repeat(1_000);
        append(0, large);
        append(0, large);
        append(1, large);
        append(2, large);
        var session = client.call(limited(all()).sessionEpoch(0).build(), 12, FetchResponse.class);
        assertThat(withBatches(session)).containsExactly(0);

        var second = client.call(
                limited(at(0, 1)).sessionId(session.sessionId()).sessionEpoch(1).build(), 12, FetchResponse.class);
        var third = client.call(
                limited(at(1, 1)).sessionId(session.sessionId()).sessionEpoch(2).build(), 12, FetchResponse.class);
        var fourth = client.call(
                limited(at(2, 1)).sessionId(session.sessionId()).sessionEpoch(3).build(), 12, FetchResponse.class);

        assertThat(withBatches(second)).containsExactly(1);
        assertThat(withBatches(third)).containsExactly(2);
        assertThat(withBatches(fourth)).containsExactly(0);
    }

    @Test
    void versionsBefore7KnowNoSessions() {
        var answer = client.call(fetch(all()).build(), 6, FetchResponse.class);

        assertThat(answer.sessionId()).isZero();
        assertThat(partitions(answer)).containsExactly(0, 1, 2);
    }

    private FetchRequest.Builder limited(FetchRequest.Topic asked) {
        return fetch(asked).maxBytes(1_200);
    }

    private FetchRequest.Topic all() {
        return fetchTopic(topic, fetchPartition(0, 0), fetchPartition(1, 0), fetchPartition(2, 0));
    }

    private FetchRequest.Topic at(int partition, long offset) {
        return fetchTopic(topic, fetchPartition(partition, offset));
    }

    private FetchResponse ask(int version, int session, int epoch, FetchRequest.Topic... topics) {
        var request = fetch(topics).sessionId(session).sessionEpoch(epoch).build();
        return client.call(request, version, FetchResponse.class);
    }

    private void append(int partition, String value) {
        producer.call(produce(topic, partition, ALL, batch(value)), 9, ProduceResponse.class);
    }

    private static List<Integer> partitions(FetchResponse answer) {
        return answer.responses().stream()
                .flatMap(each -> each.partitions().stream())
                .map(FetchResponse.Partition::partitionIndex)
                .toList();
    }

    private static List<Integer> withBatches(FetchResponse answer) {
        return answer.responses().stream()
                .flatMap(each -> each.partitions().stream())
                .filter(each -> !Requests.batches(each).isEmpty())
                .map(FetchResponse.Partition::partitionIndex)
                .toList();
    }

    private static ErrorCode error(FetchResponse answer) {
        return ErrorCode.forCode(answer.errorCode()).orElseThrow();
    }
}
