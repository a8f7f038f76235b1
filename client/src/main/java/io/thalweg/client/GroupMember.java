package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.spi.runtime.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group of the consumer protocol (KIP-848): keeps itself alive by heartbeats, and brings what it owns in line with what it is
 * assigned, giving up before it takes. Owned by the loop.
 *
 * <p>One step of that is under way at a time. A member that is fenced has lost everything and joins anew; what was begun before then has
 * no effect any more (the number of its life tells).
 */
final class GroupMember {

    /** Makes the member that an owner reads for. */
    interface Factory {
        GroupMember make(PartitionOwner owner);
    }

    private static final Logger log = LoggerFactory.getLogger(GroupMember.class);
    private static final int JOINING = 0;
    private static final int LEAVING = -1;

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final CoordinatorLink link;
    private final MemberOffsets offsets;
    private final CommitQueue commits;
    private final Set<String> topics;
    private final int rebalanceTimeoutMillis;
    private final PartitionOwner owner;
    private final Runnable reconciling = this::reconcile;
    private final String memberId;
    /** With the topic's id: a topic that was deleted and created anew is another one of the same name. */
    private final Map<TopicPartition, UUID> owned = new LinkedHashMap<>();

    private Map<UUID, List<Integer>> target = Map.of();
    private boolean hasTarget;
    private int epoch = JOINING;
    private int life;
    private int failuresCount;
    private boolean isBeating;
    private boolean isBeatDue;
    private boolean isFullDue = true;
    private boolean isReconciling;
    private boolean isClosed;
    private Timers.@Nullable Timer timer;

    GroupMember(
            ClientRuntime runtime,
            MetadataCache metadata,
            Retries retries,
            CoordinatorLink link,
            MemberOffsets offsets,
            Set<String> topics,
            Duration rebalanceTimeout,
            PartitionOwner owner) {
        this.runtime = runtime;
        this.metadata = metadata;
        this.link = link;
        this.offsets = offsets;
        this.commits = new CommitQueue(runtime, retries, this::commitOnce);
        this.topics = topics;
        this.rebalanceTimeoutMillis = (int) Math.min(Integer.MAX_VALUE, rebalanceTimeout.toMillis());
        this.owner = owner;
        this.memberId = new UUID(runtime.random().nextLong(), runtime.random().nextLong()).toString();
    }

    void join() {
        assert runtime.isCurrent();
        metadata.whenChanged(reconciling);
        topics.forEach(metadata::refresh);
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
        var request = heartbeat();
        isFullDue = false;
        var unused = ask(request).whenComplete((answer, failure) -> {
            isBeating = false;
            if (!isClosed && failure != null) {
                failed(ClientException.from(failure));
            } else if (!isClosed) {
                answered(answer);
            }
        });
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponse> ask(ConsumerGroupHeartbeatRequest request) {
        try {
            return link.call(ApiKey.CONSUMER_GROUP_HEARTBEAT, ConsumerGroupHeartbeatResponse.class, version -> request);
        } catch (ClientException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private ConsumerGroupHeartbeatRequest heartbeat() {
        var request = ConsumerGroupHeartbeatRequest.builder()
                .groupId(link.groupId())
                .memberId(memberId)
                .memberEpoch(epoch);
        return isFullDue
                ? request.rebalanceTimeoutMillis(rebalanceTimeoutMillis)
                        .subscribedTopicNames(List.copyOf(topics))
                        .topicPartitions(ownedByTopic())
                        .build()
                : request.build();
    }

    private List<ConsumerGroupHeartbeatRequest.TopicPartitions> ownedByTopic() {
        var byTopic = new LinkedHashMap<UUID, List<Integer>>();
        owned.forEach((partition, topicId) ->
                byTopic.computeIfAbsent(topicId, id -> new ArrayList<>()).add(partition.partition()));
        return byTopic.entrySet().stream()
                .map(each -> new ConsumerGroupHeartbeatRequest.TopicPartitions(each.getKey(), each.getValue()))
                .toList();
    }

    private void answered(ConsumerGroupHeartbeatResponse answer) {
        var code = link.heard(answer.errorCode());
        switch (code) {
            case NONE -> accepted(answer);
            case FENCED_MEMBER_EPOCH, UNKNOWN_MEMBER_ID -> fenced();
            case UNRELEASED_INSTANCE_ID -> tryAgain();
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
        reconcile();
    }

    private void beatAfter(long nanos) {
        timer = runtime.after(nanos, this::beat);
    }

    private void failed(ClientException failure) {
        if (failure.isRetriable()) {
            tryAgain();
        } else {
            end();
            owner.lost(giveUpAll());
            owner.failed(failure);
        }
    }

    private void tryAgain() {
        isFullDue = true;
        beatAfter(Retries.backoffNanos(failuresCount++, runtime));
    }

    private void fenced() {
        owner.lost(giveUpAll());
        epoch = JOINING;
        hasTarget = false;
        target = Map.of();
        tryAgain();
    }

    private Set<TopicPartition> giveUpAll() {
        var gone = Set.copyOf(owned.keySet());
        owned.clear();
        life++;
        isReconciling = false;
        return gone;
    }

    /** Takes the next step from what is owned to what is assigned, if there is one and none is under way. */
    private void reconcile() {
        if (isClosed || isReconciling || !hasTarget) {
            return;
        }
        loseReplaced();
        var wanted = wanted();
        var gone = new LinkedHashMap<>(owned);
        gone.entrySet().removeAll(wanted.entrySet());
        var more = new LinkedHashMap<>(wanted);
        more.keySet().removeAll(owned.keySet());
        if (!gone.isEmpty()) {
            giveUp(gone.keySet());
        } else if (!more.isEmpty()) {
            take(more);
        }
    }

    /** What was read of a topic that is deleted by now must not be committed for the one that has its name. */
    private void loseReplaced() {
        var replaced = new LinkedHashSet<TopicPartition>();
        owned.forEach((partition, id) -> {
            var image = metadata.image().topics().get(partition.topic());
            if (image != null && !image.id().equals(id)) {
                replaced.add(partition);
            }
        });
        if (!replaced.isEmpty()) {
            owned.keySet().removeAll(replaced);
            isFullDue = true;
            owner.lost(Set.copyOf(replaced));
        }
    }

    /** The assignment by name; of topics that are not known by their id yet, nothing. */
    private Map<TopicPartition, UUID> wanted() {
        var wanted = new LinkedHashMap<TopicPartition, UUID>();
        target.forEach((id, partitions) -> {
            var name = name(id);
            if (name.isPresent()) {
                partitions.forEach(partition -> wanted.put(new TopicPartition(name.get(), partition), id));
            } else {
                topics.forEach(metadata::refresh);
            }
        });
        return wanted;
    }

    /** A topic of which something is owned keeps its name, even if a broker does not know it for a moment. */
    private Optional<String> name(UUID id) {
        var ofOwned = owned.entrySet().stream()
                .filter(each -> each.getValue().equals(id))
                .map(each -> each.getKey().topic());
        return Stream.concat(ofOwned, topics.stream().filter(topic -> isTopic(topic, id)))
                .findFirst();
    }

    private boolean isTopic(String topic, UUID id) {
        var image = metadata.image().topics().get(topic);
        return image != null && image.id().equals(id);
    }

    private void giveUp(Set<TopicPartition> gone) {
        isReconciling = true;
        var begun = life;
        var unused = owner.revoking(Set.copyOf(gone))
                .whenComplete((done, failure) -> runtime.executeUnlessEnded(() -> {
                    if (begun == life) {
                        owned.keySet().removeAll(gone);
                        stepped();
                    }
                }));
    }

    private void take(Map<TopicPartition, UUID> more) {
        isReconciling = true;
        var begun = life;
        var unused = offsets.positions(identity(), more.keySet())
                .whenComplete((positions, failure) -> runtime.executeUnlessEnded(() -> {
                    if (begun == life && !isClosed) {
                        taken(more, positions, failure);
                    }
                }));
    }

    private void taken(
            Map<TopicPartition, UUID> more,
            @Nullable Map<TopicPartition, Long> positions,
            @Nullable Throwable failure) {
        if (positions == null || failure != null) {
            notTaken(ClientException.from(failure == null ? new IllegalStateException("no positions") : failure));
            return;
        }
        var wanted = wanted();
        var stillWanted = new LinkedHashMap<>(positions);
        stillWanted.keySet().removeIf(each -> !Objects.equals(wanted.get(each), more.get(each)));
        stillWanted.keySet().forEach(each -> owned.put(each, wanted.getOrDefault(each, Message.ZERO_UUID)));
        if (!stillWanted.isEmpty()) {
            owner.assigned(stillWanted);
        }
        stepped();
    }

    private void notTaken(ClientException reason) {
        if (isForGood(reason.code())) {
            var unused = leave();
            owner.lost(giveUpAll());
            owner.failed(reason);
            return;
        }
        if (reason.isRetriable()) {
            log.debug("where group {} goes on is not known yet", link.groupId(), reason);
        } else {
            log.warn("where group {} goes on is not known; it is asked again", link.groupId(), reason);
        }
        var begun = life;
        runtime.after(Retries.backoffNanos(failuresCount++, runtime), () -> {
            if (begun == life && !isClosed) {
                isReconciling = false;
                reconcile();
            }
        });
    }

    /** Most of what may come up passes: a member that is fenced joins anew, a partition that is not known yet will be. */
    private static boolean isForGood(ErrorCode code) {
        return code == ErrorCode.GROUP_AUTHORIZATION_FAILED
                || code == ErrorCode.TOPIC_AUTHORIZATION_FAILED
                || code == ErrorCode.CLUSTER_AUTHORIZATION_FAILED
                || code == ErrorCode.SASL_AUTHENTICATION_FAILED
                || code == ErrorCode.UNSUPPORTED_VERSION;
    }

    /** The coordinator is told at once what is owned now; it may wait for that. */
    private void stepped() {
        isReconciling = false;
        isFullDue = true;
        beat();
        reconcile();
    }

    private MemberOffsets.Identity identity() {
        return new MemberOffsets.Identity(memberId, epoch);
    }

    /**
     * Commits what the supplier gives on the loop, as long as the partitions are the member's, after what was committed before; completes
     * with what was committed. From any thread.
     */
    CompletableFuture<Map<TopicPartition, Long>> commit(Supplier<Map<TopicPartition, Long>> toCommit) {
        return commits.commit(() -> {
            var asked = toCommit.get();
            asked.keySet().forEach(partition -> {
                if (!owned.containsKey(partition)) {
                    throw notOwned(partition);
                }
            });
            return asked;
        });
    }

    /** Whoever hears from a commit that it is fenced asks at once what has become of it. */
    private CompletableFuture<Void> commitOnce(Map<TopicPartition, Long> toCommit) {
        return offsets.commit(identity(), toCommit, owned).whenComplete((done, failure) -> {
            if (failure != null && isFenced(ClientException.from(failure).code())) {
                beat();
            }
        });
    }

    private static boolean isFenced(ErrorCode code) {
        return code == ErrorCode.FENCED_MEMBER_EPOCH || code == ErrorCode.UNKNOWN_MEMBER_ID;
    }

    /** What a commit fails with whose partition was given up. */
    ClientException notOwned(TopicPartition partition) {
        return new ClientException(
                ErrorCode.FENCED_MEMBER_EPOCH,
                "partition " + partition + " is not the member's, or no longer: its offset of group " + link.groupId()
                        + " is not committed",
                null);
    }

    private void end() {
        isClosed = true;
        metadata.forget(reconciling);
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Leaves the group; completes once the coordinator knows or does not answer. */
    CompletableFuture<?> leave() {
        assert runtime.isCurrent();
        if (isClosed) {
            return CompletableFuture.completedFuture(null);
        }
        end();
        var isMember = epoch > JOINING;
        var farewell = ConsumerGroupHeartbeatRequest.builder()
                .groupId(link.groupId())
                .memberId(memberId)
                .memberEpoch(LEAVING)
                .build();
        return isMember || isBeating
                ? ask(farewell).handle((answer, failure) -> true)
                : CompletableFuture.completedFuture(true);
    }
}
