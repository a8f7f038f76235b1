package io.thalweg.simulation.load;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import io.thalweg.simulation.check.GroupLedger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToLongFunction;

/**
 * A member that speaks the classic protocol, eagerly: it gives everything up before it joins, and the one who leads gives each an equal
 * share. Owned by the scheduler.
 */
public final class ClassicGroupMember implements GroupMember {

    private static final String TYPE = "consumer";
    private static final String PROTOCOL = "shares";
    private static final int REBALANCE_MILLIS = 3_000;

    private final ClusterClient client;
    private final GroupLedger ledger;
    private final Plan plan;
    private final MemberWork work;
    private boolean isJoined;

    /**
     * What its group is about.
     *
     * @param partitions of the topic
     * @param sessionNanos how long the coordinator waits for a member
     */
    public record Plan(String topic, int partitions, long sessionNanos) {}

    /**
     * One that does nothing until begun.
     *
     * @param ends how far each partition can be read
     */
    public ClassicGroupMember(ClusterClient client, GroupLedger ledger, Plan plan, IntToLongFunction ends) {
        this.client = client;
        this.ledger = ledger;
        this.plan = plan;
        this.work = new MemberWork(client, ledger, plan.topic, ends);
    }

    @Override
    public void begin() {
        goOn();
        work.begin();
    }

    @Override
    public void pause(long nanos) {
        work.pause(nanos);
    }

    @Override
    public void end(boolean isOrderly) {
        if (isOrderly && work.coordinator() >= 0) {
            var request = LeaveGroupRequest.builder()
                    .groupId(MemberWork.GROUP)
                    .members(List.of(LeaveGroupRequest.Member.builder()
                            .memberId(work.memberId())
                            .groupInstanceId(null)
                            .reason(null)
                            .build()))
                    .build();
            client.send(work.coordinator(), request, 5, LeaveGroupResponse.class)
                    .whenComplete((answer, failure) -> ledger.journal().detail("group: leaving was answered"));
        }
        work.end();
    }

    private void goOnLater() {
        client.later(MemberWork.BEAT_NANOS, this::goOn);
    }

    private void goOn() {
        if (work.isOver()) {
            return;
        }
        if (work.isPaused()) {
            goOnLater();
        } else if (work.coordinator() < 0) {
            work.findCoordinator(this::goOn);
        } else if (isJoined) {
            beat();
        } else {
            join();
        }
    }

    private void join() {
        work.drop();
        var request = JoinGroupRequest.builder()
                .groupId(MemberWork.GROUP)
                .sessionTimeoutMillis((int) TimeUnit.NANOSECONDS.toMillis(plan.sessionNanos))
                .rebalanceTimeoutMillis(REBALANCE_MILLIS)
                .memberId(work.memberId())
                .groupInstanceId(null)
                .protocolType(TYPE)
                .protocols(List.of(JoinGroupRequest.Protocol.builder()
                        .name(PROTOCOL)
                        .metadata(EmbeddedProtocol.subscription(plan.topic))
                        .build()))
                .reason(null)
                .build();
        client.send(work.coordinator(), request, 9, JoinGroupResponse.class).whenComplete((answer, failure) -> {
            if (failure != null) {
                work.forgetCoordinator();
                goOnLater();
                return;
            }
            var found = answer.message();
            var code = code(found.errorCode());
            if (work.isOver()) {
                ledger.journal().detail("group: joining was answered too late");
            } else if (code == ErrorCode.NONE) {
                work.is(found.memberId(), found.generationId());
                sync(found);
            } else {
                if (code == ErrorCode.MEMBER_ID_REQUIRED) {
                    work.is(found.memberId(), -1);
                }
                refused("join", code);
                client.later(code == ErrorCode.MEMBER_ID_REQUIRED ? 1 : MemberWork.BEAT_NANOS, this::goOn);
            }
            answer.close();
        });
    }

    private void sync(JoinGroupResponse joined) {
        var member = work.memberId();
        var generation = work.epoch();
        var request = SyncGroupRequest.builder()
                .groupId(MemberWork.GROUP)
                .generationId(generation)
                .memberId(member)
                .groupInstanceId(null)
                .protocolType(TYPE)
                .protocolName(PROTOCOL)
                .assignments(joined.leader().equals(member) ? shares(joined.members()) : List.of())
                .build();
        var sentNanos = client.process().scheduler().nowNanos();
        client.send(work.coordinator(), request, 5, SyncGroupResponse.class).whenComplete((answer, failure) -> {
            if (failure != null) {
                work.forgetCoordinator();
            } else {
                var code = code(answer.message().errorCode());
                if (work.isOver()) {
                    ledger.journal().detail("group: a share came too late");
                } else if (code == ErrorCode.NONE) {
                    assigned(generation, answer.message().assignment(), sentNanos);
                } else {
                    refused("sync", code);
                }
                answer.close();
            }
            goOnLater();
        });
    }

    private List<SyncGroupRequest.Assignment> shares(List<JoinGroupResponse.Member> members) {
        List<SyncGroupRequest.Assignment> shares = new ArrayList<>();
        for (var i = 0; i < members.size(); i++) {
            List<Integer> share = new ArrayList<>();
            for (var partition = i; partition < plan.partitions; partition += members.size()) {
                share.add(partition);
            }
            shares.add(SyncGroupRequest.Assignment.builder()
                    .memberId(members.get(i).memberId())
                    .assignment(EmbeddedProtocol.assignment(plan.topic, share))
                    .build());
        }
        return shares;
    }

    private void assigned(int generation, ByteBuffer share, long sentNanos) {
        var partitions = EmbeddedProtocol.partitions(share);
        isJoined = true;
        work.assigned(partitions);
        ledger.journal().note("group: " + work.memberId() + " has " + partitions + " in generation " + generation);
        ledger.holdsInGeneration(work.memberId(), generation, partitions, sentNanos);
        work.findStarts(false);
    }

    private void beat() {
        var request = HeartbeatRequest.builder()
                .groupId(MemberWork.GROUP)
                .generationId(work.epoch())
                .memberId(work.memberId())
                .groupInstanceId(null)
                .build();
        var sentNanos = client.process().scheduler().nowNanos();
        client.send(work.coordinator(), request, 4, HeartbeatResponse.class).whenComplete((answer, failure) -> {
            if (failure != null) {
                work.forgetCoordinator();
            } else {
                var code = code(answer.message().errorCode());
                if (code == ErrorCode.NONE) {
                    ledger.isInGeneration(work.memberId(), sentNanos);
                    work.findStarts(false);
                } else {
                    refused("heartbeat", code);
                }
                answer.close();
            }
            goOnLater();
        });
    }

    private static ErrorCode code(short code) {
        return ErrorCode.forCode(code).orElse(ErrorCode.UNKNOWN_SERVER_ERROR);
    }

    private void refused(String what, ErrorCode code) {
        ledger.journal().detail("group: %s of %s was answered %s", what, work.memberId(), code);
        switch (code) {
            case REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, MEMBER_ID_REQUIRED -> isJoined = false;
            case UNKNOWN_MEMBER_ID -> {
                isJoined = false;
                work.drop();
                work.is("", -1);
            }
            case UNKNOWN_SERVER_ERROR, INVALID_REQUEST, INCONSISTENT_GROUP_PROTOCOL -> {
                ledger.journal().refused("I38", what + " of " + work.memberId() + " was answered " + code, code);
                work.forgetCoordinator();
            }
            default -> work.forgetCoordinator();
        }
    }

    @Override
    public String toString() {
        return work.toString();
    }
}
