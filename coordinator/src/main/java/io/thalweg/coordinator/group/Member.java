package io.thalweg.coordinator.group;

import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.JoinGroupRequest;
import io.thalweg.protocol.message.JoinGroupResponse;
import io.thalweg.protocol.message.SyncGroupResponse;
import io.thalweg.spi.runtime.Timers.Timer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A member of a classic group, or a client that was told its id and has yet to join. Owned by the coordinator's event loop. */
final class Member {

    private final String id;
    private final @Nullable String instanceId;
    private final String clientId;
    private final String clientHost;

    private List<JoinGroupRequest.Protocol> protocols = List.of();
    private int rebalanceTimeoutMillis;
    private int sessionTimeoutMillis;
    private ByteBuffer assignment = Message.NO_BYTES;
    private @Nullable CompletableFuture<JoinGroupResponse> awaitedJoin;
    private @Nullable CompletableFuture<SyncGroupResponse> awaitedSync;
    private boolean isNew;
    private boolean isGone;

    /** When the session ends, and the timer that looks; see {@link Sessions}. */
    long deadlineNanos;

    long timerNanos;

    @Nullable Timer timer;

    Member(String id, @Nullable String instanceId, String clientId, String clientHost) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
    }

    String id() {
        return id;
    }

    @Nullable String instanceId() {
        return instanceId;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    int rebalanceTimeoutMillis() {
        return rebalanceTimeoutMillis;
    }

    int sessionTimeoutMillis() {
        return sessionTimeoutMillis;
    }

    List<JoinGroupRequest.Protocol> protocols() {
        return protocols;
    }

    /** Takes over what the member says of itself. */
    void describe(List<JoinGroupRequest.Protocol> supported, int rebalanceMillis, int sessionMillis) {
        protocols = List.copyOf(supported);
        rebalanceTimeoutMillis = rebalanceMillis;
        sessionTimeoutMillis = sessionMillis;
    }

    boolean supports(String protocol) {
        for (var each : protocols) {
            if (each.name().equals(protocol)) {
                return true;
            }
        }
        return false;
    }

    /** What it says under a protocol; empty if it does not support it. */
    ByteBuffer metadata(@Nullable String protocol) {
        for (var each : protocols) {
            if (each.name().equals(protocol)) {
                return each.metadata().duplicate();
            }
        }
        return Message.NO_BYTES;
    }

    ByteBuffer assignment() {
        return assignment.duplicate();
    }

    void assign(ByteBuffer given) {
        assignment = given;
    }

    boolean isNew() {
        return isNew;
    }

    void isNew(boolean value) {
        isNew = value;
    }

    boolean isGone() {
        return isGone;
    }

    void gone() {
        isGone = true;
    }

    boolean awaitsJoin() {
        return awaitedJoin != null;
    }

    boolean awaitsSync() {
        return awaitedSync != null;
    }

    void awaitJoin(CompletableFuture<JoinGroupResponse> answer) {
        awaitedJoin = answer;
    }

    void awaitSync(CompletableFuture<SyncGroupResponse> answer) {
        awaitedSync = answer;
    }

    /** Answers the join that waits; tells whether there was one. */
    boolean answerJoin(JoinGroupResponse response) {
        var answer = awaitedJoin;
        awaitedJoin = null;
        return answer != null && answer.complete(response);
    }

    /** Answers the sync that waits; tells whether there was one. */
    boolean answerSync(SyncGroupResponse response) {
        var answer = awaitedSync;
        awaitedSync = null;
        return answer != null && answer.complete(response);
    }
}
