package io.thalweg.bench;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.FindCoordinatorRequest;
import io.thalweg.protocol.message.FindCoordinatorResponse;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** What members of a group ask, in versions in which a member is admitted with its first request, unless it asks for an id first. */
record GroupRequests(String group) {

    private static final int JOIN_VERSION = 3;
    private static final int ANNOUNCING_VERSION = 4;
    private static final int SYNC_VERSION = 3;
    private static final int HEARTBEAT_VERSION = 3;
    private static final int COORDINATOR_VERSION = 3;
    private static final int SESSION_MILLIS = 10_000;
    private static final int REBALANCE_MILLIS = 60_000;
    private static final byte[] SUBSCRIPTION = new byte[64];

    /** Returns when the group has a coordinator that answers. */
    void awaitCoordinator(GroupWire wire) throws IOException {
        var find = FindCoordinatorRequest.builder().key(group).build();
        while (wire.ask(find, COORDINATOR_VERSION, FindCoordinatorResponse.class)
                                .errorCode()
                        != 0
                || isNotReady(beat(wire, "nobody", 1))) {
            Thread.onSpinWait();
        }
    }

    static boolean isNotReady(short code) {
        return code == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code()
                || code == ErrorCode.COORDINATOR_NOT_AVAILABLE.code()
                || code == ErrorCode.NOT_COORDINATOR.code();
    }

    private short beat(GroupWire wire, String memberId, int generation) throws IOException {
        sendHeartbeat(wire, memberId, generation);
        return heartbeatError(wire);
    }

    void sendHeartbeat(GroupWire wire, String memberId, int generation) throws IOException {
        wire.send(
                HeartbeatRequest.builder()
                        .groupId(group)
                        .memberId(memberId)
                        .generationId(generation)
                        .build(),
                HEARTBEAT_VERSION);
    }

    static short heartbeatError(GroupWire wire) throws IOException {
        return wire.answer(ApiKey.HEARTBEAT, HEARTBEAT_VERSION, HeartbeatResponse.class)
                .errorCode();
    }

    void sendJoin(GroupWire wire, String memberId) throws IOException {
        wire.send(joinFrame(memberId));
    }

    byte[] joinFrame(String memberId) {
        return GroupWire.frame(join(memberId), JOIN_VERSION);
    }

    private JoinGroupRequest join(String memberId) {
        return JoinGroupRequest.builder()
                .groupId(group)
                .memberId(memberId)
                .sessionTimeoutMillis(SESSION_MILLIS)
                .rebalanceTimeoutMillis(REBALANCE_MILLIS)
                .protocolType("consumer")
                .protocols(List.of(new JoinGroupRequest.Protocol("range", ByteBuffer.wrap(SUBSCRIPTION))))
                .build();
    }

    /** Asks for an id; from then on the group waits for the one who has it (KIP-394). */
    String announce(GroupWire wire) throws IOException {
        var answer = wire.ask(join(""), ANNOUNCING_VERSION, JoinGroupResponse.class);
        if (answer.errorCode() != ErrorCode.MEMBER_ID_REQUIRED.code()) {
            throw new IllegalStateException("a newcomer of group " + group + " is answered with " + answer.errorCode());
        }
        return answer.memberId();
    }

    JoinGroupResponse joined(GroupWire wire) throws IOException {
        var joined = wire.answer(ApiKey.JOIN_GROUP, JOIN_VERSION, JoinGroupResponse.class);
        expectNone("join", joined.errorCode());
        return joined;
    }

    void sendSync(GroupWire wire, JoinGroupResponse joined) throws IOException {
        wire.send(syncFrame(joined.memberId(), joined.generationId(), joined.members()));
    }

    /** The leader, who has been told of members, gives each the same. */
    byte[] syncFrame(String memberId, int generation, List<JoinGroupResponse.Member> members) {
        return GroupWire.frame(
                SyncGroupRequest.builder()
                        .groupId(group)
                        .memberId(memberId)
                        .generationId(generation)
                        .assignments(members.stream()
                                .map(member -> new SyncGroupRequest.Assignment(
                                        member.memberId(), ByteBuffer.wrap(SUBSCRIPTION)))
                                .toList())
                        .build(),
                SYNC_VERSION);
    }

    void synced(GroupWire wire) throws IOException {
        expectNone(
                "sync",
                wire.answer(ApiKey.SYNC_GROUP, SYNC_VERSION, SyncGroupResponse.class)
                        .errorCode());
    }

    void expectNone(String what, short code) {
        if (code != ErrorCode.NONE.code()) {
            throw new IllegalStateException(what + " of group " + group + " is answered with " + code);
        }
    }
}
