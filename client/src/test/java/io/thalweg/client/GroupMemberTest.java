package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.MetadataResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class GroupMemberTest {

    private static final TopicPartition ONE = new TopicPartition(ScriptedBroker.TOPIC, 1);

    private final ScriptedBroker broker = ScriptedBroker.open(2);
    private final Client client = broker.connect();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private volatile Set<Integer> target = Set.of(0, 1);
    private volatile boolean isFencing;
    private volatile UUID topicId = ScriptedBroker.TOPIC_ID;
    private GroupMember member;

    private final class Owner implements PartitionOwner {
        @Override
        public CompletionStage<?> revoking(Set<TopicPartition> partitions) {
            heard.add("revoking " + partitions);
            return givenUp;
        }

        @Override
        public void assigned(Map<TopicPartition, Long> positions) {
            heard.add("assigned "
                    + positions.keySet().stream()
                            .map(TopicPartition::partition)
                            .sorted()
                            .toList());
        }

        @Override
        public void lost(Set<TopicPartition> partitions) {
            heard.add("lost " + partitions.size());
        }

        @Override
        public void failed(ClientException failure) {
            heard.add("failed " + failure.code());
        }
    }

    @BeforeEach
    void join() {
        broker.on(
                ApiKey.FIND_COORDINATOR,
                (version, request) -> FindCoordinatorResponse.builder()
                        .nodeId(1)
                        .host("broker")
                        .port(9092)
                        .build());
        broker.on(ApiKey.CONSUMER_GROUP_HEARTBEAT, (version, request) -> beat((ConsumerGroupHeartbeatRequest) request));
        broker.on(ApiKey.OFFSET_FETCH, (version, request) -> committed((OffsetFetchRequest) request));
        var subscription = Subscription.of("readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC);
        member = client.members(subscription).make(new Owner());
        client.runtime().loop().execute(member::join);
    }

    @AfterEach
    void close() {
        client.close();
        broker.close();
    }

    private ConsumerGroupHeartbeatResponse beat(ConsumerGroupHeartbeatRequest request) {
        if (isFencing && request.memberEpoch() > 0) {
            isFencing = false;
            return ConsumerGroupHeartbeatResponse.builder()
                    .errorCode(ErrorCode.FENCED_MEMBER_EPOCH.code())
                    .build();
        }
        return ConsumerGroupHeartbeatResponse.builder()
                .memberId(request.memberId())
                .memberEpoch(request.memberEpoch() + 1)
                .heartbeatIntervalMillis(5)
                .assignment(new ConsumerGroupHeartbeatResponse.Assignment(
                        List.of(new ConsumerGroupHeartbeatResponse.TopicPartitions(topicId, List.copyOf(target)))))
                .build();
    }

    private static OffsetFetchResponse committed(OffsetFetchRequest request) {
        var group = request.groups().get(0);
        var topics = group.topics() == null ? List.<OffsetFetchRequest.GroupTopic>of() : group.topics();
        return OffsetFetchResponse.builder()
                .groups(List.of(OffsetFetchResponse.Group.builder()
                        .groupId(group.groupId())
                        .topics(topics.stream()
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

    /** What the member last said it owns. */
    private List<Integer> owned() {
        return broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT).stream()
                .map(each -> ((ConsumerGroupHeartbeatRequest) each.message()).topicPartitions())
                .filter(each -> each != null)
                .reduce((earlier, later) -> later)
                .map(each -> each.isEmpty() ? List.<Integer>of() : each.get(0).partitions())
                .orElse(List.of());
    }

    @Test
    void theCoordinatorHearsOfAPartitionOnceItIsGivenUp() {
        await().untilAsserted(() -> assertThat(owned()).containsExactlyInAnyOrder(0, 1));

        target = Set.of(0);
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "revoking [" + ONE + "]"));
        assertThat(owned()).containsExactlyInAnyOrder(0, 1);
        givenUp.complete(null);

        await().untilAsserted(() -> assertThat(owned()).containsExactly(0));
    }

    @Test
    void aFencedMemberHasLostAllAndJoinsAnew() {
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));

        isFencing = true;

        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]", "lost 2", "assigned [0, 1]"));
    }

    private void refresh() {
        client.runtime().loop().execute(() -> client.metadata().refresh(ScriptedBroker.TOPIC));
    }

    private MetadataResponse metadata(MetadataResponse.Topic topic) {
        return broker.metadata(2).toBuilder().topics(List.of(topic)).build();
    }

    @Test
    void aTopicThatABrokerDoesNotKnowForAMomentIsKept() {
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
        var unknown = new MetadataResponse.Topic(
                ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code(),
                ScriptedBroker.TOPIC,
                new UUID(0, 0),
                false,
                List.of(),
                Integer.MIN_VALUE);

        broker.on(ApiKey.METADATA, (version, request) -> metadata(unknown));
        refresh();
        await().until(() ->
                client.metadata().image().topic(ScriptedBroker.TOPIC).isEmpty());
        var beats = broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT).size();
        await().until(() -> broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT).size() > beats + 2);

        assertThat(heard).containsExactly("assigned [0, 1]");
    }

    @Test
    void aTopicThatIsCreatedAnewIsLostAndTaken() {
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
        var anew = new UUID(8, 8);
        var sameName =
                broker.metadata(2).topics().get(0).toBuilder().topicId(anew).build();

        topicId = anew;
        broker.on(ApiKey.METADATA, (version, request) -> metadata(sameName));
        givenUp.complete(null);
        refresh();

        await().untilAsserted(() -> assertThat(heard).hasSize(3).last().isEqualTo("assigned [0, 1]"));
        await().untilAsserted(() -> assertThat(ownedIds()).containsExactly(anew));
    }

    /** The topics of what the member last said it owns. */
    private List<UUID> ownedIds() {
        return broker.seen(ApiKey.CONSUMER_GROUP_HEARTBEAT).stream()
                .map(each -> ((ConsumerGroupHeartbeatRequest) each.message()).topicPartitions())
                .filter(each -> each != null)
                .reduce((earlier, later) -> later)
                .map(each -> each.stream().map(topic -> topic.topicId()).toList())
                .orElse(List.of());
    }

    @Test
    void whatMayNotBeReadEndsTheMembership() {
        await().untilAsserted(() -> assertThat(heard).containsExactly("assigned [0, 1]"));
        broker.on(ApiKey.OFFSET_FETCH, (version, request) -> denied((OffsetFetchRequest) request));

        isFencing = true;

        await().untilAsserted(() ->
                assertThat(heard).containsSubsequence("lost 2", "failed " + ErrorCode.GROUP_AUTHORIZATION_FAILED));
    }

    private static OffsetFetchResponse denied(OffsetFetchRequest request) {
        return OffsetFetchResponse.builder()
                .groups(List.of(OffsetFetchResponse.Group.builder()
                        .groupId(request.groups().get(0).groupId())
                        .errorCode(ErrorCode.GROUP_AUTHORIZATION_FAILED.code())
                        .build()))
                .build();
    }

    @Test
    void anOffsetOfAnothersPartitionIsNotCommitted() {
        await().untilAsserted(() -> assertThat(heard).isNotEmpty());
        var other = new TopicPartition("others", 0);

        var committed = member.commit(() -> Map.of(other, 1L));

        await().untilAsserted(() -> assertThat(committed).isCompletedExceptionally());
        assertThat(broker.seen(ApiKey.OFFSET_COMMIT)).isEmpty();
    }
}
