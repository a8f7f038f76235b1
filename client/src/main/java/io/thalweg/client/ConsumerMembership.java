package io.thalweg.client;

import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.spi.runtime.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A member of a group whose broker assigns (KIP-848): heartbeats bring what is to be owned and tell what is. Owned by the loop. */
final class ConsumerMembership implements Membership {

    private static final Logger log = LoggerFactory.getLogger(ConsumerMembership.class);
    private static final int JOINING = 0;
    private static final int LEAVING = -1;
    /** A static member that leaves keeps its partitions for a while. */
    private static final int LEAVING_FOR_NOW = -2;

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final CoordinatorLink link;
    private final SubscribedTopics topics;
    private final @Nullable String instanceId;
    private final int rebalanceTimeoutMillis;
    private final Listener listener;
    private final String memberId;
    private Map<UUID, List<Integer>> target = Map.of();
    private boolean hasTarget;
    private int epoch = JOINING;
    private int failuresCount;
    private boolean isBeating;
    private boolean isBeatDue;
    private boolean isFullDue = true;
    private boolean isClosed;
    private Timers.@Nullable Timer timer;

    ConsumerMembership(
            ClientRuntime runtime,
            MetadataCache metadata,
            CoordinatorLink link,
            SubscribedTopics topics,
            Subscription<?, ?> subscription,
            Listener listener) {
        this.runtime = runtime;
        this.metadata = metadata;
        this.link = link;
        this.topics = topics;
        this.instanceId = subscription.instanceId().orElse(null);
        this.rebalanceTimeoutMillis = GroupMember.rebalanceTimeoutMillis(subscription);
        this.listener = listener;
        this.memberId = new UUID(runtime.random().nextLong(), runtime.random().nextLong()).toString();
    }

    @Override
    public void join() {
        beat();
    }

    @Override
    public void check() {
        beat();
    }

    /** Sends a heartbeat, or one more after the one under way. */
    private void beat() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
        if (isClosed || isBeating) {
            isBeatDue = true;
            return;
        }
        isBeating = true;
        isBeatDue = false;
        var isFull = isFullDue;
        isFullDue = false;
        var unused = ask(isFull).whenComplete((answer, failure) -> {
            isBeating = false;
            if (!isClosed && failure != null) {
                failed(ClientException.from(failure));
            } else if (!isClosed) {
                answered(answer);
            }
        });
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponse> ask(boolean isFull) {
        var request = isFull ? everything() : heartbeat(epoch).build();
        return link.call(ApiKey.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatResponse.class, version -> {
            if (request.subscribedTopicRegex() != null && version < 1) {
                throw new ClientException(
                        ErrorCode.UNSUPPORTED_VERSION,
                        "group " + link.groupId() + " is to read topics by a pattern, which its broker is too old for",
                        null);
            }
            return request;
        });
    }

    private ConsumerGroupHeartbeatRequest.Builder heartbeat(int memberEpoch) {
        return ConsumerGroupHeartbeatRequest.builder()
                .groupId(link.groupId())
                .memberId(memberId)
                .instanceId(instanceId)
                .memberEpoch(memberEpoch);
    }

    private ConsumerGroupHeartbeatRequest everything() {
        var request =
                heartbeat(epoch).rebalanceTimeoutMillis(rebalanceTimeoutMillis).topicPartitions(ownedByTopic());
        return topics.pattern()
                .map(pattern -> request.subscribedTopicNames(List.of()).subscribedTopicRegex(pattern))
                .orElseGet(() -> request.subscribedTopicNames(List.copyOf(topics.names())))
                .build();
    }

    private List<ConsumerGroupHeartbeatRequest.TopicPartitions> ownedByTopic() {
        var byTopic = new LinkedHashMap<UUID, List<Integer>>();
        listener.owned()
                .forEach((partition, topicId) -> byTopic.computeIfAbsent(topicId, id -> new ArrayList<>())
                        .add(partition.partition()));
        return byTopic.entrySet().stream()
                .map(each -> new ConsumerGroupHeartbeatRequest.TopicPartitions(each.getKey(), each.getValue()))
                .toList();
    }

    private void answered(ConsumerGroupHeartbeatResponse answer) {
        var code = link.heard(answer.errorCode());
        switch (code) {
            case NONE -> accepted(answer);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> fenced();
            case UNRELEASED_INSTANCE_ID -> notReleased();
            default -> failed(ClientException.answered("group " + link.groupId(), code, answer.errorMessage()));
        }
    }

    private void accepted(ConsumerGroupHeartbeatResponse answer) {
        failuresCount = 0;
        epoch = answer.memberEpoch();
        var assignment = answer.assignment();
        if (assignment != null) {
            var assigned = new LinkedHashMap<UUID, List<Integer>>();
            assignment.topicPartitions().forEach(topic -> assigned.put(topic.topicId(), topic.partitions()));
            target = assigned;
            hasTarget = true;
        }
        if (isBeatDue) {
            beat();
        } else {
            beatAfter(Duration.ofMillis(answer.heartbeatIntervalMillis()).toNanos());
        }
        listener.wantedChanged();
    }

    private void beatAfter(long nanos) {
        timer = runtime.after(nanos, this::beat);
    }

    private void failed(ClientException failure) {
        if (failure.isRetriable()) {
            tryAgain();
        } else {
            end();
            listener.failed(failure);
        }
    }

    private void tryAgain() {
        isFullDue = true;
        beatAfter(Retries.backoffNanos(failuresCount++, runtime));
    }

    /** The last one of that name has not left: it is gone when its session ends, or lives. */
    private void notReleased() {
        if (failuresCount == 0) {
            log.warn(
                    "another member {} of group {} has not left; waiting for its session to end",
                    instanceId,
                    link.groupId());
        }
        tryAgain();
    }

    private void fenced() {
        epoch = JOINING;
        hasTarget = false;
        target = Map.of();
        listener.fenced();
        tryAgain();
    }

    /** The assignment by name; of topics that are not known by their id yet, nothing. */
    @Override
    public Optional<Map<TopicPartition, UUID>> wanted() {
        if (!hasTarget) {
            return Optional.empty();
        }
        var names = names();
        var wanted = new LinkedHashMap<TopicPartition, UUID>();
        target.forEach((id, partitions) -> {
            var name = names.get(id);
            if (name != null) {
                partitions.forEach(partition -> wanted.put(new TopicPartition(name, partition), id));
            } else {
                topics.refresh();
            }
        });
        return Optional.of(wanted);
    }

    /** A topic of which something is owned keeps its name, even if a broker does not know it for a moment. */
    private Map<UUID, String> names() {
        var names = new HashMap<UUID, String>();
        metadata.image().topics().values().forEach(topic -> names.put(topic.id(), topic.name()));
        listener.owned().forEach((partition, id) -> names.put(id, partition.topic()));
        return names;
    }

    /** The coordinator is told at once what is owned now; it may wait for that. */
    @Override
    public void ownedChanged(boolean isLess) {
        isFullDue = true;
        beat();
    }

    @Override
    public void metadataChanged() {}

    @Override
    public MemberOffsets.Identity identity() {
        return MemberOffsets.Identity.ofConsumer(memberId, epoch);
    }

    @Override
    public void end() {
        isClosed = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    @Override
    public CompletableFuture<?> leave() {
        end();
        var isMember = epoch > JOINING;
        var farewell = heartbeat(instanceId == null ? LEAVING : LEAVING_FOR_NOW).build();
        return isMember || isBeating
                ? link.call(ApiKey.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatResponse.class, version -> farewell)
                        .handle((answer, failure) -> true)
                : CompletableFuture.completedFuture(true);
    }
}
