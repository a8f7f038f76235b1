package io.thalweg.client;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A member that leads, before a coordinator that knows the classic protocol only. */
final class ClassicMembershipTest {

    private static final TopicPartition ZERO = new TopicPartition(ScriptedBroker.TOPIC, 0);
    private static final TopicPartition ONE = new TopicPartition(ScriptedBroker.TOPIC, 1);
    private static final String ID = "member-1";

    private final ScriptedBroker broker = ScriptedBroker.open(2);
    private final Client client = broker.connect();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private final AtomicInteger generation = new AtomicInteger();
    private final Map<String, ByteBuffer> assignments = new ConcurrentHashMap<>();
    private final List<JoinGroupResponse.Member> others = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<ErrorCode> beats = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<ErrorCode> commits = new ConcurrentLinkedQueue<>();
    private volatile String assignor = "cooperative-sticky";
    /** Whether the group keeps what it was assigned: all partitions are the member's. */
    private volatile boolean isKept;

    private @Nullable GroupMember member;

    private final class Owner implements PartitionOwner {
        @Override
        public CompletionStage<?> revoking(Set<TopicPartition> partitions) {
            heard.add("revoking " + numbers(partitions));
            return givenUp;
        }

        @Override
        public void assigned(Map<TopicPartition, Long> positions) {
            heard.add("assigned " + numbers(positions.keySet()));
        }

        @Override
        public void lost(Set<TopicPartition> partitions) {
            heard.add("lost " + numbers(partitions));
        }

        @Override
        public void failed(ClientException failure) {
            heard.add("failed " + failure.code());
        }
    }

    private static ConditionFactory await() {
        return Awaitility.await().atMost(Duration.ofSeconds(60));
    }

    private static List<Integer> numbers(Set<TopicPartition> partitions) {
        return partitions.stream().map(TopicPartition::partition).sorted().toList();
    }

    @BeforeEach
    void coordinate() {
        broker.offerUpTo(ApiKey.CONSUMER_GROUP_HEARTBEAT, -1);
        broker.on(
                ApiKey.FIND_COORDINATOR,
                (version, request) -> FindCoordinatorResponse.builder()
                        .nodeId(1)
                        .host("broker")
                        .port(9092)
                        .build());
        broker.on(ApiKey.JOIN_GROUP, (version, request) -> joined((JoinGroupRequest) request));
        broker.on(ApiKey.SYNC_GROUP, (version, request) -> synced((SyncGroupRequest) request));
        broker.on(
                ApiKey.HEARTBEAT,
                (version, request) -> HeartbeatResponse.builder()
                        .errorCode(next(beats).code())
                        .build());
        broker.on(
                ApiKey.LEAVE_GROUP,
                (version, request) -> LeaveGroupResponse.builder().build());
        broker.on(ApiKey.OFFSET_FETCH, (version, request) -> committed((OffsetFetchRequest) request));
        broker.on(ApiKey.OFFSET_COMMIT, (version, request) -> commit((OffsetCommitRequest) request));
    }

    private static ErrorCode next(ConcurrentLinkedQueue<ErrorCode> answers) {
        var next = answers.poll();
        return next == null ? ErrorCode.NONE : next;
    }

    private JoinGroupResponse joined(JoinGroupRequest request) {
        if (request.memberId().isEmpty()) {
            return JoinGroupResponse.builder()
                    .errorCode(ErrorCode.MEMBER_ID_REQUIRED.code())
                    .memberId(ID)
                    .build();
        }
        var members = new ArrayList<>(others);
        members.add(member(ID, request.protocols().get(0).metadata()));
        return JoinGroupResponse.builder()
                .generationId(generation.incrementAndGet())
                .protocolType("consumer")
                .protocolName(assignor)
                .leader(ID)
                .skipAssignment(isKept)
                .memberId(ID)
                .members(members)
                .build();
    }

    private static JoinGroupResponse.Member member(String id, ByteBuffer said) {
        return JoinGroupResponse.Member.builder().memberId(id).metadata(said).build();
    }

    private static JoinGroupResponse.Member other(String id) {
        return member(id, SubscriptionCodec.encode(Set.of(ScriptedBroker.TOPIC), Set.of(), -1));
    }

    private SyncGroupResponse synced(SyncGroupRequest request) {
        assignments.clear();
        request.assignments().forEach(each -> assignments.put(each.memberId(), each.assignment()));
        if (isKept) {
            assignments.put(ID, AssignmentCodec.encode(List.of(ZERO, ONE)));
        }
        return SyncGroupResponse.builder()
                .assignment(assignments.getOrDefault(ID, ByteBuffer.allocate(0)).duplicate())
                .build();
    }

    private static OffsetFetchResponse committed(OffsetFetchRequest request) {
        return OffsetFetchResponse.builder()
                .groups(List.of(OffsetFetchResponse.Group.builder()
                        .groupId(request.groups().get(0).groupId())
                        .topics(requireNonNull(request.groups().get(0).topics()).stream()
                                .map(topic -> OffsetFetchResponse.GroupTopic.builder()
                                        .name(topic.name())
                                        .topicId(topic.topicId())
                                        .partitions(topic.partitionIndexes().stream()
                                                .map(each -> OffsetFetchResponse.GroupPartition.builder()
                                                        .partitionIndex(each)
                                                        .committedOffset(7)
                                                        .metadata("")
                                                        .build())
                                                .toList())
                                        .build())
                                .toList())
                        .build()))
                .build();
    }

    private OffsetCommitResponse commit(OffsetCommitRequest request) {
        var topic = request.topics().get(0);
        return OffsetCommitResponse.builder()
                .topics(List.of(OffsetCommitResponse.Topic.builder()
                        .name(topic.name())
                        .topicId(topic.topicId())
                        .partitions(List.of(OffsetCommitResponse.Partition.builder()
                                .partitionIndex(topic.partitions().get(0).partitionIndex())
                                .errorCode(next(commits).code())
                                .build()))
                        .build()))
                .build();
    }

    private static Subscription.Builder<String, String> subscription() {
        return Subscription.builder("readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC)
                .sessionTimeout(Duration.ofMillis(150));
    }

    private void join(Subscription<?, ?> subscription) {
        var made = client.members(subscription).make(new Owner());
        member = made;
        client.runtime().loop().execute(made::join);
    }

    private void joinAndTake() {
        join(subscription().build());
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    /** What the other member was given. */
    private List<TopicPartition> ofOther() {
        return AssignmentCodec.partitions(assignments.getOrDefault("member-2", ByteBuffer.allocate(0)));
    }

    /** What the member last said of itself. */
    private SubscriptionCodec.Said said() {
        var joins = broker.seen(ApiKey.JOIN_GROUP);
        var last = (JoinGroupRequest) joins.get(joins.size() - 1).message();
        return SubscriptionCodec.decode(last.protocols().get(0).metadata());
    }

    @Test
    void whereBrokersKnowNoOtherProtocolTheClassicOneIsUsed() throws Exception {
        joinAndTake();

        requireNonNull(member).commit(() -> Map.of(ONE, 9L)).get(30, TimeUnit.SECONDS);

        var commit =
                (OffsetCommitRequest) broker.seen(ApiKey.OFFSET_COMMIT).get(0).message();
        assertThat(commit.memberId()).isEqualTo(ID);
        assertThat(commit.generationIdOrMemberEpoch()).isEqualTo(1);
        assertThat(broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT)).isEmpty();
        assertThat(said().topics()).containsExactly(ScriptedBroker.TOPIC);
    }

    @Test
    void whatMovesIsGivenOutOnceItWasGivenUp() {
        joinAndTake();

        others.add(other("member-2"));
        beats.add(ErrorCode.REBALANCE_IN_PROGRESS);
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [1]"));
        assertThat(said().owned()).containsExactlyInAnyOrder(ZERO, ONE);
        assertThat(ofOther()).isEmpty();
        givenUp.complete(null);

        await().untilAsserted(() -> assertThat(ofOther()).containsExactly(ONE));
        assertThat(said().owned()).containsExactly(ZERO);
        assertThat(heard).containsExactly("assigned [0, 1]", "revoking [1]");
    }

    @Test
    void whereTheGroupAssignsByRangeAllIsGivenUpFirst() {
        assignor = "range";
        joinAndTake();
        var joins = broker.seen(ApiKey.JOIN_GROUP).size();

        others.add(other("member-2"));
        beats.add(ErrorCode.REBALANCE_IN_PROGRESS);
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [0, 1]"));
        assertThat(broker.seen(ApiKey.JOIN_GROUP)).hasSize(joins);
        givenUp.complete(null);

        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [0, 1]", "assigned [0]"));
        assertThat(said().owned()).isEmpty();
        assertThat(ofOther()).containsExactly(ONE);
    }

    @Test
    void whoeverKeptPartitionsLosesThemWhenTheGroupTurnsToRange() {
        joinAndTake();

        assignor = "range";
        beats.add(ErrorCode.REBALANCE_IN_PROGRESS);

        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("assigned [0, 1]", "lost [0, 1]", "assigned [0, 1]"));
    }

    @Test
    void aMemberThatIsNotKnownAnyMoreHasLostAllAndJoinsAsANewOne() {
        joinAndTake();

        beats.add(ErrorCode.UNKNOWN_MEMBER_ID);

        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("assigned [0, 1]", "lost [0, 1]", "assigned [0, 1]"));
        assertThat(broker.seen(ApiKey.JOIN_GROUP).stream()
                        .filter(each ->
                                ((JoinGroupRequest) each.message()).memberId().isEmpty()))
                .hasSize(2);
    }

    @Test
    void aStaticMemberWhosePlaceWasTakenIsOut() {
        join(subscription().instanceId("berth-1").build());
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));

        beats.add(ErrorCode.FENCED_INSTANCE_ID);

        await().untilAsserted(() -> assertThat(heard)
                .containsExactly("assigned [0, 1]", "lost [0, 1]", "failed " + ErrorCode.FENCED_INSTANCE_ID));
    }

    @Test
    void aCommitOfAnOldGenerationIsTriedAgainAsLongAsThePartitionIsTheMembers() throws Exception {
        joinAndTake();
        commits.add(ErrorCode.ILLEGAL_GENERATION);
        commits.add(ErrorCode.REBALANCE_IN_PROGRESS);

        requireNonNull(member).commit(() -> Map.of(ONE, 9L)).get(30, TimeUnit.SECONDS);

        assertThat(broker.seen(ApiKey.OFFSET_COMMIT)).hasSize(3);
    }

    @Test
    void newPartitionsAreGivenOutByTheMemberThatLeads() {
        joinAndTake();

        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(3));
        client.runtime().loop().execute(() -> client.metadata().refresh(ScriptedBroker.TOPIC));

        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "assigned [2]"));
    }

    @Test
    void aLeaderWhoseGroupKeepsItsPartitionsGivesOutNewOnes() {
        isKept = true;
        joinAndTake();
        isKept = false;

        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(3));
        client.runtime().loop().execute(() -> client.metadata().refresh(ScriptedBroker.TOPIC));

        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "assigned [2]"));
    }

    @Test
    void aTopicIsTakenOnceItIsKnown() {
        isKept = true;
        broker.on(
                ApiKey.METADATA,
                (version, request) ->
                        broker.metadata(2).toBuilder().topics(List.of()).build());
        join(subscription().build());
        await().until(() -> broker.seen(ApiKey.HEARTBEAT).size() > 1);
        assertThat(heard).isEmpty();

        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(2));

        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
        var beats = broker.seen(ApiKey.HEARTBEAT).size();
        await().until(() -> broker.seen(ApiKey.HEARTBEAT).size() > beats + 1);
        assertThat(heard).containsExactly("assigned [0, 1]");
    }

    @Test
    void whereTheGroupAssignsByRangeATopicThatIsCreatedAnewIsLostAndTaken() throws Exception {
        assignor = "range";
        joinAndTake();
        var sameName = broker.metadata(2).topics().get(0).toBuilder()
                .topicId(new UUID(8, 8))
                .build();

        broker.on(
                ApiKey.METADATA,
                (version, request) ->
                        broker.metadata(2).toBuilder().topics(List.of(sameName)).build());
        var asked = new CompletableFuture<Object>();
        client.runtime().loop().execute(() -> {
            var unused = client.metadata()
                    .ask(Set.of(ScriptedBroker.TOPIC))
                    .handle((answer, failure) -> asked.complete(failure == null ? answer : failure));
        });

        assertThat(asked.get(60, TimeUnit.SECONDS)).isInstanceOf(MetadataResponse.class);
        await().untilAsserted(
                        () -> assertThat(heard).containsExactly("assigned [0, 1]", "lost [0, 1]", "assigned [0, 1]"));
    }

    @Test
    void aMemberThatGivesUpBeatsOn() {
        assignor = "range";
        joinAndTake();
        beats.addAll(Collections.nCopies(4, ErrorCode.REBALANCE_IN_PROGRESS));
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [0, 1]"));
        var joins = broker.seen(ApiKey.JOIN_GROUP).size();

        await().until(beats::isEmpty);
        assertThat(broker.seen(ApiKey.JOIN_GROUP)).hasSize(joins);
        givenUp.complete(null);

        await().untilAsserted(() ->
                assertThat(heard).containsExactly("assigned [0, 1]", "revoking [0, 1]", "assigned [0, 1]"));
    }

    @Test
    void aMemberThatIsFencedWhileItGivesUpBeginsAnew() {
        assignor = "range";
        joinAndTake();
        beats.add(ErrorCode.REBALANCE_IN_PROGRESS);
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [0, 1]"));

        beats.add(ErrorCode.UNKNOWN_MEMBER_ID);

        var all = List.of("assigned [0, 1]", "revoking [0, 1]", "lost [0, 1]", "assigned [0, 1]");
        await().untilAsserted(() -> assertThat(heard).isEqualTo(all));
        var joins = broker.seen(ApiKey.JOIN_GROUP).size();
        givenUp.complete(null);
        var seen = broker.seen(ApiKey.HEARTBEAT).size();
        await().until(() -> broker.seen(ApiKey.HEARTBEAT).size() > seen + 1);
        assertThat(heard).isEqualTo(all);
        assertThat(broker.seen(ApiKey.JOIN_GROUP)).hasSize(joins);
    }

    @Test
    void topicsThatMatchAreReadOnceTheyAreThere() {
        broker.on(
                ApiKey.METADATA,
                (version, request) ->
                        broker.metadata(2).toBuilder().topics(List.of()).build());
        join(Subscription.matching("readers", Serde.string(), Serde.string(), "fli.*")
                .sessionTimeout(Duration.ofMillis(150))
                .build());
        await().until(() -> !broker.seen(ApiKey.SYNC_GROUP).isEmpty());

        broker.on(ApiKey.METADATA, (version, request) -> broker.metadata(2));
        client.runtime().loop().execute(() -> {
            var unused = client.metadata().ask(null);
        });

        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
        assertThat(said().topics()).containsExactly(ScriptedBroker.TOPIC);
    }

    @Test
    void onlyMembersWithoutANameLeave() throws Exception {
        joinAndTake();
        leave();
        assertThat(broker.seen(ApiKey.LEAVE_GROUP)).hasSize(1);

        join(subscription().instanceId("berth-1").build());
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "assigned [0, 1]"));
        leave();

        assertThat(broker.seen(ApiKey.LEAVE_GROUP)).hasSize(1);
        var joins = broker.seen(ApiKey.JOIN_GROUP);
        assertThat(((JoinGroupRequest) joins.get(joins.size() - 1).message()).groupInstanceId())
                .isEqualTo("berth-1");
    }

    private void leave() throws Exception {
        var left = new CompletableFuture<Object>();
        client.runtime().loop().execute(() -> {
            var unused = requireNonNull(member).leave().whenComplete((told, failure) -> left.complete(true));
        });
        left.get(30, TimeUnit.SECONDS);
    }
}
