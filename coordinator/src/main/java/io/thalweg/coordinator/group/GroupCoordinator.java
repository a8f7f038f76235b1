package io.thalweg.coordinator.group;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;
import io.thalweg.protocol.message.DeleteGroupsResponse;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import io.thalweg.protocol.message.OffsetCommitRequest;
import io.thalweg.protocol.message.OffsetCommitResponse;
import io.thalweg.protocol.message.OffsetDeleteRequest;
import io.thalweg.protocol.message.OffsetDeleteResponse;
import io.thalweg.protocol.message.OffsetFetchRequest;
import io.thalweg.protocol.message.OffsetFetchResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The groups of one partition of {@code __consumer_offsets}. Owned by the event loop it was given; stages complete on it.
 *
 * <p>It is loaded with {@link #replay}, which may run on another thread as long as that ends before {@link #start}; then it answers
 * until {@link #close}. Requests must not refer to lent buffers.
 */
public final class GroupCoordinator {

    private final GroupRuntime runtime;
    private final Alarms alarms;
    private final Groups groups = new Groups();
    private final Replay replay;
    private final Rebalances rebalances;
    private final Joins joins;
    private final Syncs syncs;
    private final Leaves leaves;
    private final OffsetCommits commits;
    private final OffsetFetches fetches;
    private final Removals removals;
    private final OffsetExpiry expiry;
    private final GroupViews views;
    private final ConsumerLife consumerLife;
    private final ConsumerHeartbeats consumers;
    private final ConsumerGroupViews consumerViews;

    /** A coordinator without groups. */
    public GroupCoordinator(GroupRuntime runtime, GroupConfig config, GroupLog log) {
        this.runtime = runtime;
        this.alarms = new Alarms(runtime.loop(), runtime.timers());
        var offsets = new OffsetTable();
        this.replay = new Replay(groups, offsets, runtime.clock());
        var writes = new Writes(log, replay, config.offsets().maxBatchBytes());
        var parts = new Parts(config, runtime.clock(), alarms, groups, offsets, writes, runtime.cluster());
        this.rebalances = new Rebalances(parts);
        this.consumerLife = new ConsumerLife(parts, rebalances);
        var steps = new ConsumerSteps(parts);
        var classicMembers = new ClassicMembers(parts, steps, consumerLife, runtime.random());
        this.joins = new Joins(parts, rebalances, classicMembers, runtime.random());
        this.syncs = new Syncs(parts, rebalances, classicMembers);
        this.leaves = new Leaves(parts, rebalances, classicMembers);
        this.commits = new OffsetCommits(parts, rebalances.sessions());
        this.fetches = new OffsetFetches(parts);
        this.removals = new Removals(parts);
        this.expiry = new OffsetExpiry(parts);
        this.views = new GroupViews(parts);
        this.consumers = new ConsumerHeartbeats(parts, steps, consumerLife, runtime.random());
        this.consumerViews = new ConsumerGroupViews(parts);
    }

    /** Takes over a record of the log; before {@link #start}, in the order of the log. */
    public void replay(GroupRecord record) {
        replay.replay(record);
    }

    /** The whole log has been replayed: members have their session timeout to be heard of. */
    public void start() {
        assert runtime.loop().isCurrent();
        replay.recovered();
        for (var group : groups.allClassic()) {
            group.members().forEach(member -> rebalances.sessions().extend(group, member));
            if (group.isLeaderless()) {
                rebalances.beginOrComplete(group);
            }
        }
        consumerLife.recovered();
        expiry.repeat();
    }

    /** Lets go of everything; who waits is told the error. */
    public void close(ErrorCode error) {
        assert runtime.loop().isCurrent();
        alarms.close();
        for (var group : groups.allClassic()) {
            List.copyOf(group.members()).forEach(member -> rebalances.dismiss(member, error));
        }
    }

    /** Completes when the group is complete. */
    public CompletionStage<JoinGroupResponse> join(JoinGroupRequest request, Caller caller) {
        assert runtime.loop().isCurrent();
        return joins.join(request, caller);
    }

    /** Completes when the assignment is safe. */
    public CompletionStage<SyncGroupResponse> sync(SyncGroupRequest request) {
        assert runtime.loop().isCurrent();
        return syncs.sync(request);
    }

    public CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
        assert runtime.loop().isCurrent();
        var error = syncs.heartbeat(request);
        return CompletableFuture.completedFuture(
                HeartbeatResponse.builder().errorCode(error.code()).build());
    }

    public CompletionStage<LeaveGroupResponse> leave(LeaveGroupRequest request, short version) {
        assert runtime.loop().isCurrent();
        return CompletableFuture.completedFuture(leaves.leave(request, version));
    }

    /** A member of a consumer group joins, stays or leaves. Completes when what the answer says is safe. */
    public CompletionStage<ConsumerGroupHeartbeatResponse> consumerHeartbeat(
            ConsumerGroupHeartbeatRequest request, Caller caller) {
        assert runtime.loop().isCurrent();
        return consumers.heartbeat(request, caller);
    }

    /** Commits offsets; every topic has its name, and its id where that is known. Completes when they are safe. */
    public CompletionStage<OffsetCommitResponse> commit(OffsetCommitRequest request, short version) {
        assert runtime.loop().isCurrent();
        return commits.commit(request, version);
    }

    /** Tells the offsets of a group; every topic has its name, and its id where that is known. Completes when they are safe. */
    public CompletionStage<OffsetFetchResponse.Group> fetch(OffsetFetchRequest.Group request) {
        assert runtime.loop().isCurrent();
        return fetches.fetch(request);
    }

    /** Completes when the offsets are gone for good. */
    public CompletionStage<OffsetDeleteResponse> deleteOffsets(OffsetDeleteRequest request) {
        assert runtime.loop().isCurrent();
        return removals.deleteOffsets(request);
    }

    /** Completes when the group is gone for good. */
    public CompletionStage<DeleteGroupsResponse.Result> deleteGroup(String groupId) {
        assert runtime.loop().isCurrent();
        return removals.deleteGroup(groupId);
    }

    /** A topic is gone: so are the offsets in it. */
    public void topicDeleted(String topic) {
        assert runtime.loop().isCurrent();
        removals.topicDeleted(topic);
    }

    /** Completes with the groups once they are safe. */
    public CompletionStage<ListGroupsResponse> list(ListGroupsRequest request) {
        assert runtime.loop().isCurrent();
        return views.list(request);
    }

    /** Completes with the group once what it shows is safe. */
    public CompletionStage<DescribeGroupsResponse.Group> describe(String groupId, short version) {
        assert runtime.loop().isCurrent();
        return views.describe(groupId, version);
    }

    /** Completes with the consumer group once what it shows is safe. */
    public CompletionStage<ConsumerGroupDescribeResponse.Group> describeConsumers(String groupId) {
        assert runtime.loop().isCurrent();
        return consumerViews.describe(groupId);
    }
}
