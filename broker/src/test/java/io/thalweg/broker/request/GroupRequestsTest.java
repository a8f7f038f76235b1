package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.DescribeGroupsRequest;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.UUID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Groups as clients meet them on the wire: what a request finds when its coordinator loads, fails, or lives elsewhere. */
final class GroupRequestsTest {

    private static final String GROUP = "group";
    private static final int BY_NAME = 9;
    private static final int BY_ID = 10;

    private final BrokerFixture broker =
            new BrokerFixture(BrokerFixture.Options.DEFAULT.with("group.initial.rebalance.delay.ms", "0"));
    private final HostedTopic offsets = broker.createTopic("__consumer_offsets", 1);
    private final HostedTopic orders = broker.createTopic("orders", 2);
    private final HostedTopic returns = broker.createTopic("returns", 1);

    @AfterEach
    void close() {
        broker.close();
    }

    private <R extends ResponseMessage> R call(RequestMessage request, int version, Class<R> type) {
        return broker.client().call(request, version, type);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10})
    void offsetsAreCommitted(int version) {
        assertThat(commit(orders, 7, version)).isEqualTo(ErrorCode.NONE);

        assertThat(fetch(orders, BY_NAME).committedOffset()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
    void offsetsOfOneGroupAreFetched(int version) {
        commit(orders, 7, BY_NAME);
        var request = OffsetFetchRequest.builder()
                .groupId(GROUP)
                .topics(List.of(new OffsetFetchRequest.Topic("orders", List.of(0, 1))))
                .build();

        var rows = call(request, version, OffsetFetchResponse.class)
                .topics()
                .get(0)
                .partitions();

        assertThat(rows)
                .extracting(OffsetFetchResponse.Partition::committedOffset)
                .containsExactly(7L, -1L);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10})
    void offsetsOfManyGroupsAreFetchedAtOnce(int version) {
        commit(orders, 7, BY_NAME);
        var request = OffsetFetchRequest.builder()
                .groups(List.of(asked(GROUP, orders, returns), asked("other", orders), asked("", orders)))
                .build();

        var groups = call(request, version, OffsetFetchResponse.class).groups();

        assertThat(row(groups.get(0)).committedOffset()).isEqualTo(7);
        assertThat(row(groups.get(1)).committedOffset()).isEqualTo(-1);
        assertThat(row(groups.get(2)).committedOffset()).isEqualTo(-1);
    }

    @Test
    void aTopicThatIsNotThereIsRefusedForItself() {
        var request = commitOf(-1, "", topicOf(orders, 7), topicOf("gone", new UUID(9, 9), 8));

        assertThat(errors(call(request, BY_NAME, OffsetCommitResponse.class)))
                .containsExactlyInAnyOrder(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errors(call(request, BY_ID, OffsetCommitResponse.class)))
                .containsExactlyInAnyOrder(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(fetch(orders, BY_ID).committedOffset()).isEqualTo(7);
    }

    private static List<ErrorCode> errors(OffsetCommitResponse answer) {
        return answer.topics().stream()
                .map(topic -> error(topic.partitions().get(0).errorCode()))
                .toList();
    }

    @Test
    void anOffsetIsFetchedByTheIdOfATopicThatIsThere() {
        commit(orders, 7, BY_ID);
        var unknown = OffsetFetchRequest.GroupTopic.builder()
                .topicId(new UUID(9, 9))
                .partitionIndexes(List.of(0))
                .build();
        var request = OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(GROUP)
                        .topics(List.of(askedTopic(orders), unknown))
                        .build()))
                .build();

        var topics =
                call(request, BY_ID, OffsetFetchResponse.class).groups().get(0).topics();

        assertThat(topics)
                .extracting(OffsetFetchResponse.GroupTopic::topicId)
                .containsExactly(orders.id(), new UUID(9, 9));
        assertThat(topics.get(0).partitions().get(0).committedOffset()).isEqualTo(7);
        assertThat(topics.get(1).partitions().get(0).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID.code());
    }

    @Test
    void allOffsetsComeWithTheIdsOfTheirTopics() {
        commit(orders, 7, BY_NAME);
        commit(returns, 8, BY_ID);
        var request = OffsetFetchRequest.builder()
                .groups(List.of(OffsetFetchRequest.Group.builder()
                        .groupId(GROUP)
                        .topics(null)
                        .build()))
                .build();

        var topics =
                call(request, BY_ID, OffsetFetchResponse.class).groups().get(0).topics();

        assertThat(topics)
                .extracting(OffsetFetchResponse.GroupTopic::topicId)
                .containsExactlyInAnyOrder(orders.id(), returns.id());
    }

    @Test
    void whileItsLogIsNotSafeACoordinatorLoads() {
        broker.engine().holdCommits();
        var lost = broker.client().send(commitOf(-1, "", topicOf(orders, 7)), BY_NAME);
        Awaitility.await().until(() -> broker.engine().heldCount() == 1);

        broker.leadAgain(offsets);

        assertThat(errors((OffsetCommitResponse) TestClient.get(lost))).containsExactly(ErrorCode.NOT_COORDINATOR);
        assertThat(commit(orders, 8, BY_NAME)).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS);
        assertThat(list().errorCode()).isEqualTo(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code());
        broker.engine().releaseCommits();
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(fetch(orders, BY_NAME).committedOffset()).isEqualTo(7));
    }

    @Test
    void aRefusedAppendIsNotRememberedAndWhatWasBeforeIs() {
        commit(orders, 7, BY_NAME);
        minInsyncReplicas(2);
        assertThat(commit(orders, 8, BY_NAME)).isEqualTo(ErrorCode.COORDINATOR_NOT_AVAILABLE);
        assertThat(fetch(orders, BY_NAME).committedOffset()).isEqualTo(7);

        minInsyncReplicas(1);

        assertThat(commit(returns, 9, BY_NAME)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch(orders, BY_NAME).committedOffset()).isEqualTo(7);
        assertThat(fetch(returns, BY_NAME).committedOffset()).isEqualTo(9);
    }

    private void minInsyncReplicas(int count) {
        var partition = offsets.partitions().get(0);
        broker.shards()
                .hostOf(partition)
                .configure(partition, offsets.settings().toLogConfig(), count);
    }

    @Test
    void aLogThatIsLostIsSomebodyElsesToCoordinate() {
        broker.engine().refuseCommits();

        assertThat(commit(orders, 7, BY_NAME)).isEqualTo(ErrorCode.NOT_COORDINATOR);

        assertThat(commit(orders, 7, BY_NAME)).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(list().errorCode()).isZero();
        assertThat(list().groups()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aGroupGoesOnAfterARestart(boolean isOrderly) {
        var member = join();
        assertThat(call(commitOf(1, member, topicOf(orders, 7)), BY_NAME, OffsetCommitResponse.class)
                        .topics())
                .hasSize(1);

        broker.restart(isOrderly, List.of(offsets, orders, returns));

        assertThat(heartbeat(member)).isEqualTo(ErrorCode.NONE);
        assertThat(fetch(orders, BY_NAME).committedOffset()).isEqualTo(7);
        assertThat(describe().members()).singleElement().satisfies(each -> {
            assertThat(each.memberId()).isEqualTo(member);
            assertThat(Requests.text(each.memberAssignment())).isEqualTo("all");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    void aRefusedJoinIsUnderstoodInEveryVersion(int version) {
        var request = JoinGroupRequest.builder()
                .groupId(GROUP)
                .sessionTimeoutMillis(60_000)
                .memberId("nobody")
                .protocolType("consumer")
                .build();

        var answer = call(request, version, JoinGroupResponse.class);

        assertThat(error(answer.errorCode())).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
        assertThat(answer.protocolName()).isEqualTo(version < 7 ? "" : null);
    }

    @Test
    void groupsAreListedOfAllPartitions() {
        commit(orders, 7, BY_NAME);
        join();

        assertThat(list().groups()).singleElement().satisfies(group -> {
            assertThat(group.groupId()).isEqualTo(GROUP);
            assertThat(group.protocolType()).isEqualTo("consumer");
            assertThat(group.groupState()).isEqualTo("Stable");
        });
    }

    /** Joins as the only member, which is assigned all. */
    private String join() {
        var request = JoinGroupRequest.builder()
                .groupId(GROUP)
                .sessionTimeoutMillis(60_000)
                .rebalanceTimeoutMillis(60_000)
                .protocolType("consumer")
                .protocols(List.of(new JoinGroupRequest.Protocol("range", Requests.bytes("subscription"))))
                .build();
        var member = call(request, 3, JoinGroupResponse.class).memberId();
        var assignment = new SyncGroupRequest.Assignment(member, Requests.bytes("all"));
        var synced = call(
                SyncGroupRequest.builder()
                        .groupId(GROUP)
                        .generationId(1)
                        .memberId(member)
                        .assignments(List.of(assignment))
                        .build(),
                5,
                SyncGroupResponse.class);
        assertThat(Requests.text(synced.assignment())).isEqualTo("all");
        return member;
    }

    private ErrorCode heartbeat(String member) {
        var request = HeartbeatRequest.builder()
                .groupId(GROUP)
                .generationId(1)
                .memberId(member)
                .build();
        return error(call(request, 4, HeartbeatResponse.class).errorCode());
    }

    private DescribeGroupsResponse.Group describe() {
        var request = DescribeGroupsRequest.builder().groups(List.of(GROUP)).build();
        return call(request, 5, DescribeGroupsResponse.class).groups().get(0);
    }

    private ListGroupsResponse list() {
        return call(ListGroupsRequest.builder().build(), 5, ListGroupsResponse.class);
    }

    private static ErrorCode error(short code) {
        return ErrorCode.forCode(code).orElseThrow();
    }

    private ErrorCode commit(HostedTopic topic, long offset, int version) {
        return errors(call(commitOf(-1, "", topicOf(topic, offset)), version, OffsetCommitResponse.class))
                .get(0);
    }

    private static OffsetCommitRequest commitOf(int generation, String member, OffsetCommitRequest.Topic... topics) {
        return OffsetCommitRequest.builder()
                .groupId(GROUP)
                .generationIdOrMemberEpoch(generation)
                .memberId(member)
                .topics(List.of(topics))
                .build();
    }

    private static OffsetCommitRequest.Topic topicOf(HostedTopic topic, long offset) {
        return topicOf(topic.name(), topic.id(), offset);
    }

    private static OffsetCommitRequest.Topic topicOf(String name, UUID id, long offset) {
        return OffsetCommitRequest.Topic.builder()
                .name(name)
                .topicId(id)
                .partitions(List.of(OffsetCommitRequest.Partition.builder()
                        .partitionIndex(0)
                        .committedOffset(offset)
                        .build()))
                .build();
    }

    private OffsetFetchResponse.GroupPartition fetch(HostedTopic topic, int version) {
        var request = OffsetFetchRequest.builder()
                .groups(List.of(asked(GROUP, topic)))
                .build();
        return row(call(request, version, OffsetFetchResponse.class).groups().get(0));
    }

    private static OffsetFetchResponse.GroupPartition row(OffsetFetchResponse.Group group) {
        assertThat(group.errorCode()).isZero();
        return group.topics().get(0).partitions().get(0);
    }

    private static OffsetFetchRequest.Group asked(String group, HostedTopic... topics) {
        return OffsetFetchRequest.Group.builder()
                .groupId(group)
                .topics(List.of(topics).stream()
                        .map(GroupRequestsTest::askedTopic)
                        .toList())
                .build();
    }

    private static OffsetFetchRequest.GroupTopic askedTopic(HostedTopic topic) {
        return OffsetFetchRequest.GroupTopic.builder()
                .name(topic.name())
                .topicId(topic.id())
                .partitionIndexes(List.of(0))
                .build();
    }
}
