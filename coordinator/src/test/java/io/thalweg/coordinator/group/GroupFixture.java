package io.thalweg.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.coordinator.SteppedLoop;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A coordinator with a hand-driven clock, timers and log, and what members say to it. */
final class GroupFixture {

    static final String GROUP = "group";
    static final Duration SESSION = Duration.ofSeconds(10);
    static final Duration REBALANCE = Duration.ofSeconds(30);

    private final SteppedLoop loop = new SteppedLoop();
    private final GroupConfig config;
    final SteppedTime time = new SteppedTime(loop::run);
    final ScriptedGroupLog log = new ScriptedGroupLog();
    private GroupCoordinator coordinator;
    MetadataImage image = MetadataImage.EMPTY;

    GroupFixture() {
        this(GroupConfig.defaults());
    }

    GroupFixture(GroupConfig config) {
        this.config = config;
        start(new SplittableRandom(1));
    }

    private void start(SplittableRandom random) {
        coordinator = new GroupCoordinator(new GroupRuntime(loop, time, time, random, () -> image), config, log);
        log.records().forEach(coordinator::replay);
        loop.execute(coordinator::start);
        loop.run();
    }

    /** Ends the coordinator as a crash does and loads another one. */
    void restart() {
        close(ErrorCode.NOT_COORDINATOR);
        start(new SplittableRandom(2));
    }

    void close(ErrorCode error) {
        loop.execute(() -> coordinator.close(error));
        loop.run();
    }

    /** Calls the coordinator on its loop. */
    <T> CompletableFuture<T> call(Function<GroupCoordinator, CompletionStage<T>> ask) {
        var answer = new CompletableFuture<T>();
        loop.execute(() -> ask.apply(coordinator).whenComplete((given, failure) -> {
            if (failure == null) {
                answer.complete(given);
            } else {
                answer.completeExceptionally(failure);
            }
        }));
        loop.run();
        return answer;
    }

    <T> T get(Function<GroupCoordinator, T> ask) {
        return call(asked -> CompletableFuture.completedFuture(ask.apply(asked)))
                .join();
    }

    /** Has something begun whose answer does not matter. */
    static void begin(CompletableFuture<?> answer) {
        assertThat(answer).isNotCompletedExceptionally();
    }

    static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    static JoinGroupRequest.Protocol protocol(String name, String metadata) {
        return new JoinGroupRequest.Protocol(name, bytes(metadata));
    }

    /** A join of a dynamic member under the protocol {@code range}. */
    static JoinGroupRequest joinOf(String memberId) {
        return JoinGroupRequest.builder()
                .groupId(GROUP)
                .memberId(memberId)
                .sessionTimeoutMillis((int) SESSION.toMillis())
                .rebalanceTimeoutMillis((int) REBALANCE.toMillis())
                .protocolType("consumer")
                .protocols(List.of(protocol("range", "subscription")))
                .build();
    }

    static JoinGroupRequest staticJoinOf(String instanceId) {
        return joinOf("").toBuilder().groupInstanceId(instanceId).build();
    }

    CompletableFuture<JoinGroupResponse> join(JoinGroupRequest request) {
        return join(request, 9);
    }

    CompletableFuture<JoinGroupResponse> join(JoinGroupRequest request, int version) {
        return call(asked -> asked.join(request, new Caller("client", "/host", (short) version)));
    }

    /** Joins without a member id and again with the one that is given. */
    CompletableFuture<JoinGroupResponse> joinAnew() {
        return join(joinOf(join(joinOf("")).join().memberId()));
    }

    CompletableFuture<SyncGroupResponse> sync(JoinGroupResponse joined, SyncGroupRequest.Assignment... assignments) {
        return call(asked -> asked.sync(syncOf(joined, assignments)));
    }

    static SyncGroupRequest syncOf(JoinGroupResponse joined, SyncGroupRequest.Assignment... assignments) {
        return SyncGroupRequest.builder()
                .groupId(GROUP)
                .generationId(joined.generationId())
                .memberId(joined.memberId())
                .assignments(List.of(assignments))
                .build();
    }

    static SyncGroupRequest.Assignment assign(JoinGroupResponse joined, String assignment) {
        return new SyncGroupRequest.Assignment(joined.memberId(), bytes(assignment));
    }

    ErrorCode heartbeat(JoinGroupResponse joined) {
        return heartbeat(heartbeatOf(joined));
    }

    static HeartbeatRequest heartbeatOf(JoinGroupResponse joined) {
        return HeartbeatRequest.builder()
                .groupId(GROUP)
                .memberId(joined.memberId())
                .generationId(joined.generationId())
                .build();
    }

    ErrorCode heartbeat(HeartbeatRequest request) {
        return error(call(asked -> asked.heartbeat(request)).join().errorCode());
    }

    LeaveGroupResponse leave(LeaveGroupRequest.Member... members) {
        var request = LeaveGroupRequest.builder()
                .groupId(GROUP)
                .members(List.of(members))
                .build();
        return call(asked -> asked.leave(request, (short) 5)).join();
    }

    static LeaveGroupRequest.Member member(String id, @Nullable String instanceId) {
        return LeaveGroupRequest.Member.builder()
                .memberId(id)
                .groupInstanceId(instanceId)
                .build();
    }

    /** A stable group of so many dynamic members, the leader first; each is assigned its index. */
    List<JoinGroupResponse> stableGroup(int size) {
        var joins = new ArrayList<CompletableFuture<JoinGroupResponse>>();
        for (var index = 0; index < size; index++) {
            joins.add(joinAnew());
        }
        time.advance(config.initialRebalanceDelay().multipliedBy(3));
        var members =
                new ArrayList<>(joins.stream().map(CompletableFuture::join).toList());
        members.sort((one, other) -> Boolean.compare(isLeader(other), isLeader(one)));
        var assignments = new SyncGroupRequest.Assignment[size];
        for (var index = 0; index < size; index++) {
            assignments[index] = assign(members.get(index), Integer.toString(index));
        }
        for (var member : members) {
            begin(sync(member, isLeader(member) ? assignments : new SyncGroupRequest.Assignment[0]));
        }
        return members;
    }

    static boolean isLeader(JoinGroupResponse joined) {
        return joined.leader().equals(joined.memberId());
    }

    String state() {
        return call(asked -> asked.describe(GROUP, (short) 5)).join().groupState();
    }

    static OffsetCommitRequest commitOf(String memberId, int generation, String topic, long offset) {
        return OffsetCommitRequest.builder()
                .groupId(GROUP)
                .memberId(memberId)
                .generationIdOrMemberEpoch(generation)
                .topics(List.of(OffsetCommitRequest.Topic.builder()
                        .name(topic)
                        .partitions(List.of(OffsetCommitRequest.Partition.builder()
                                .partitionIndex(0)
                                .committedOffset(offset)
                                .committedLeaderEpoch(4)
                                .committedMetadata("note")
                                .build()))
                        .build()))
                .build();
    }

    CompletableFuture<OffsetCommitResponse> commit(OffsetCommitRequest request) {
        return call(asked -> asked.commit(request, (short) 8));
    }

    ErrorCode commitError(OffsetCommitRequest request) {
        return error(commit(request).join().topics().get(0).partitions().get(0).errorCode());
    }

    /** Commits for nobody in particular. */
    ErrorCode commit(String topic, long offset) {
        return commitError(commitOf("", -1, topic, offset));
    }

    /** The committed offset in partition 0, or -1. */
    long offset(String topic) {
        return fetch(topic).join().topics().get(0).partitions().get(0).committedOffset();
    }

    CompletableFuture<OffsetFetchResponse.Group> fetch(String topic) {
        var request = OffsetFetchRequest.Group.builder()
                .groupId(GROUP)
                .topics(List.of(OffsetFetchRequest.GroupTopic.builder()
                        .name(topic)
                        .partitionIndexes(List.of(0))
                        .build()))
                .build();
        return call(asked -> asked.fetch(request));
    }

    static ErrorCode error(short code) {
        return ErrorCode.forCode(code).orElseThrow();
    }
}
