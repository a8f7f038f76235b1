package io.thalweg.client;

import io.thalweg.api.Subscription;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import io.thalweg.spi.runtime.Timers;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a group of the classic protocol: joins together with the others, again whenever the coordinator says so, and assigns for all
 * if it leads. Owned by the loop.
 *
 * <p>Where the group assigns cooperatively, what is owned is kept while it joins, and joined again for once something was given up. Else,
 * as other clients may want it, everything is given up first; the coordinator hears heartbeats meanwhile, for that may take long.
 */
final class ClassicMembership implements Membership {

    private static final Logger log = LoggerFactory.getLogger(ClassicMembership.class);
    private static final String PROTOCOL_TYPE = "consumer";
    private static final int NO_GENERATION = -1;
    private static final short FIRST_STATIC_VERSION = 5;
    private static final short FIRST_LEAVE_OF_MANY_VERSION = 3;
    private static final int HEARTBEATS_PER_SESSION = 15;
    private static final Duration ANSWER_MARGIN = Duration.ofSeconds(10);
    private static final long RELISTING_NANOS = Duration.ofSeconds(30).toNanos();

    private final ClientRuntime runtime;
    private final MetadataCache metadata;
    private final CoordinatorLink link;
    private final SubscribedTopics topics;
    private final @Nullable String instanceId;
    private final int sessionTimeoutMillis;
    private final int rebalanceTimeoutMillis;
    private final long heartbeatNanos;
    private final Duration joinLimit;
    private final ClassicLeader leader;
    private final Listener listener;

    private String memberId = "";
    private int generation = NO_GENERATION;
    private @Nullable Assignor assignor;
    private Set<TopicPartition> target = Set.of();
    private boolean hasTarget;
    private Set<String> joinedTopics = Set.of();

    private int failuresCount;
    private long listedNanos;
    private boolean isJoining;
    /** What is waited for before joining, or null. */
    private @Nullable CompletionStage<?> givingUp;

    private boolean isJoinDue;
    private boolean isClosed;
    private Timers.@Nullable Timer timer;

    ClassicMembership(
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
        this.sessionTimeoutMillis = (int) subscription.sessionTimeout().toMillis();
        this.rebalanceTimeoutMillis = GroupMember.rebalanceTimeoutMillis(subscription);
        this.heartbeatNanos =
                subscription.sessionTimeout().dividedBy(HEARTBEATS_PER_SESSION).toNanos();
        this.joinLimit = Duration.ofMillis(rebalanceTimeoutMillis).plus(ANSWER_MARGIN);
        this.leader = new ClassicLeader(metadata);
        this.listener = listener;
        this.listedNanos = runtime.clock().nanos();
    }

    /** Joins, or once more after the join under way. */
    @Override
    public void join() {
        cancelTimer();
        if (isClosed || isJoining) {
            isJoinDue = true;
            return;
        }
        isJoining = true;
        isJoinDue = false;
        if (assignor == Assignor.RANGE && !claimed().isEmpty()) {
            forgetTarget();
            var begun = listener.giveUpAll();
            givingUp = begun;
            beatLater();
            var unused = begun.whenComplete((done, failure) -> runtime.executeUnlessEnded(() -> gaveUp(begun)));
        } else {
            askToJoin();
        }
    }

    /** Unless the member was fenced meanwhile, and begins anew. */
    private void gaveUp(CompletionStage<?> begun) {
        if (givingUp == begun) {
            givingUp = null;
            cancelTimer();
            askToJoin();
        }
    }

    private boolean isAskingToJoin() {
        return isJoining && givingUp == null;
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    private void askToJoin() {
        if (isClosed) {
            return;
        }
        joinedTopics = Set.copyOf(topics.names());
        var said = SubscriptionCodec.encode(joinedTopics, claimed(), generation);
        var protocols = Arrays.stream(Assignor.values())
                .map(each -> new JoinGroupRequest.Protocol(each.wireName(), said.duplicate()))
                .toList();
        var request = JoinGroupRequest.builder()
                .groupId(link.groupId())
                .sessionTimeoutMillis(sessionTimeoutMillis)
                .rebalanceTimeoutMillis(rebalanceTimeoutMillis)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .protocolType(PROTOCOL_TYPE)
                .protocols(protocols)
                .build();
        var unused = link.await(ApiKey.JOIN_GROUP, JoinGroupResponse.class, joinLimit, version -> {
                    if (instanceId != null && version < FIRST_STATIC_VERSION) {
                        throw tooOld("static members");
                    }
                    return request;
                })
                .whenComplete((answer, failure) -> {
                    if (!isClosed && failure != null) {
                        failed(ClientException.from(failure));
                    } else if (!isClosed) {
                        answered(answer);
                    }
                });
    }

    private ClientException tooOld(String what) {
        return new ClientException(
                ErrorCode.UNSUPPORTED_VERSION,
                "the coordinator of group " + link.groupId() + " is too old for " + what,
                null);
    }

    /** What was assigned and is not taken yet is the member's as well. */
    private Set<TopicPartition> claimed() {
        var claimed = new LinkedHashSet<>(listener.owned().keySet());
        claimed.addAll(target);
        return claimed;
    }

    private void answered(JoinGroupResponse answer) {
        var code = link.heard(answer.errorCode());
        if (code == ErrorCode.NONE) {
            joined(answer);
        } else if (code == ErrorCode.MEMBER_ID_REQUIRED) {
            memberId = answer.memberId();
            askToJoin();
        } else {
            refused(code);
        }
    }

    private void refused(ErrorCode code) {
        switch (code) {
            case UNKNOWN_MEMBER_ID -> {
                memberId = "";
                fenced();
            }
            case ILLEGAL_GENERATION -> fenced();
            case REBALANCE_IN_PROGRESS -> joinAgain();
            default -> failed(ClientException.answered("group " + link.groupId(), code, null));
        }
    }

    private void fenced() {
        generation = NO_GENERATION;
        forgetTarget();
        listener.fenced();
        joinAgain();
    }

    private void forgetTarget() {
        hasTarget = false;
        target = Set.of();
    }

    private void failed(ClientException failure) {
        if (failure.isRetriable()) {
            joinAgain();
        } else {
            end();
            listener.failed(failure);
        }
    }

    private void joinAgain() {
        isJoining = false;
        givingUp = null;
        cancelTimer();
        timer = runtime.after(Retries.backoffNanos(failuresCount++, runtime), this::join);
    }

    private void joined(JoinGroupResponse answer) {
        memberId = answer.memberId();
        generation = answer.generationId();
        var chosen = Assignor.of(String.valueOf(answer.protocolName()));
        if (chosen.isEmpty()) {
            failed(ClientException.answered(
                    "group " + link.groupId() + " that assigns by " + answer.protocolName(),
                    ErrorCode.INCONSISTENT_GROUP_PROTOCOL,
                    null));
            return;
        }
        var isChange = assignor != chosen.get();
        assignor = chosen.get();
        if (isChange && assignor == Assignor.RANGE && !claimed().isEmpty()) {
            log.debug("group {} assigns by range from now on: what was kept is lost", link.groupId());
            forgetTarget();
            listener.fenced();
        }
        synchronise(answer, chosen.get());
    }

    private void synchronise(JoinGroupResponse answer, Assignor chosen) {
        var asked = generation;
        var unused = leader.assignments(answer, chosen)
                .thenCompose(assignments -> link.await(
                        ApiKey.SYNC_GROUP,
                        SyncGroupResponse.class,
                        joinLimit,
                        version -> SyncGroupRequest.builder()
                                .groupId(link.groupId())
                                .generationId(asked)
                                .memberId(memberId)
                                .groupInstanceId(instanceId)
                                .protocolType(PROTOCOL_TYPE)
                                .protocolName(chosen.wireName())
                                .assignments(assignments)
                                .build()))
                .whenComplete((synced, failure) -> {
                    if (!isClosed && failure != null) {
                        failed(ClientException.from(failure));
                    } else if (!isClosed) {
                        synced(synced);
                    }
                });
    }

    private void synced(SyncGroupResponse answer) {
        var code = link.heard(answer.errorCode());
        if (code != ErrorCode.NONE) {
            refused(code);
            return;
        }
        failuresCount = 0;
        isJoining = false;
        target = new LinkedHashSet<>(AssignmentCodec.partitions(answer.assignment()));
        hasTarget = true;
        if (isJoinDue) {
            join();
        } else {
            beatLater();
        }
        listener.wantedChanged();
    }

    private void beatLater() {
        cancelTimer();
        timer = runtime.after(heartbeatNanos, this::check);
    }

    @Override
    public void check() {
        cancelTimer();
        if (isClosed || isAskingToJoin()) {
            return;
        }
        lookForTopics();
        var asked = generation;
        var request = HeartbeatRequest.builder()
                .groupId(link.groupId())
                .generationId(asked)
                .memberId(memberId)
                .groupInstanceId(instanceId)
                .build();
        var unused = link.call(ApiKey.HEARTBEAT, HeartbeatResponse.class, version -> request)
                .whenComplete((answer, failure) -> {
                    var isOver = isClosed || isAskingToJoin() || asked != generation;
                    if (!isOver && failure != null) {
                        notBeaten(ClientException.from(failure));
                    } else if (!isOver) {
                        beaten(link.heard(answer.errorCode()));
                    }
                });
    }

    /** What is not there yet may be by the next answer. */
    private void lookForTopics() {
        topics.refreshMissing();
        var now = runtime.clock().nanos();
        if (now - listedNanos > RELISTING_NANOS) {
            listedNanos = now;
            topics.refresh();
        }
    }

    private void beaten(ErrorCode code) {
        switch (code) {
            case NONE -> {
                failuresCount = 0;
                beatLater();
            }
            case REBALANCE_IN_PROGRESS -> {
                if (givingUp == null) {
                    join();
                } else {
                    beatLater();
                }
            }
            case UNKNOWN_MEMBER_ID, ILLEGAL_GENERATION -> refused(code);
            default -> notBeaten(ClientException.answered("group " + link.groupId(), code, null));
        }
    }

    private void notBeaten(ClientException failure) {
        if (failure.isRetriable()) {
            cancelTimer();
            timer = runtime.after(
                    Math.min(heartbeatNanos, Retries.backoffNanos(failuresCount++, runtime)), this::check);
        } else {
            failed(failure);
        }
    }

    /** A topic that is not known yet is not taken; one that is owned is kept, even if a broker does not know it for a moment. */
    @Override
    public Optional<Map<TopicPartition, UUID>> wanted() {
        if (!hasTarget) {
            return Optional.empty();
        }
        var wanted = new LinkedHashMap<TopicPartition, UUID>();
        var owned = listener.owned();
        for (var partition : target) {
            metadata.image()
                    .topic(partition.topic())
                    .map(TopicImage::id)
                    .filter(id -> !id.equals(Message.ZERO_UUID) || !owned.containsKey(partition))
                    .or(() -> Optional.ofNullable(owned.get(partition)))
                    .ifPresent(id -> wanted.put(partition, id));
        }
        return Optional.of(wanted);
    }

    /** Others wait for what was given up; of what was taken they know. */
    @Override
    public void ownedChanged(boolean isLess) {
        if (isLess) {
            join();
        }
    }

    /** Topics that match are read once they are there; and the one that leads gives out what partitions there are. */
    @Override
    public void metadataChanged() {
        if (isClosed || isJoining || !hasTarget) {
            return;
        }
        if (leader.isOutdated() || !joinedTopics.equals(Set.copyOf(topics.names()))) {
            join();
        }
    }

    @Override
    public MemberOffsets.Identity identity() {
        return MemberOffsets.Identity.ofClassic(memberId, generation, instanceId);
    }

    @Override
    public void end() {
        isClosed = true;
        cancelTimer();
    }

    /** A static member keeps its partitions until its session ends: it may be back by then. */
    @Override
    public CompletableFuture<?> leave() {
        end();
        if (memberId.isEmpty() || instanceId != null) {
            return CompletableFuture.completedFuture(true);
        }
        var farewell = LeaveGroupRequest.builder().groupId(link.groupId());
        return link.call(
                        ApiKey.LEAVE_GROUP,
                        LeaveGroupResponse.class,
                        version -> version < FIRST_LEAVE_OF_MANY_VERSION
                                ? farewell.memberId(memberId).build()
                                : farewell.members(List.of(LeaveGroupRequest.Member.builder()
                                                .memberId(memberId)
                                                .build()))
                                        .build())
                .handle((answer, failure) -> true);
    }
}
