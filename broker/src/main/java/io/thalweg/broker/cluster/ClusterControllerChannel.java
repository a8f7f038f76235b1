package io.thalweg.broker.cluster;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.peer.Peer;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.ControllerException;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Endpoint;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way to whichever node leads the metadata log, this one included. Owned by the controller's event loop.
 *
 * <p>While nobody leads, the leader cannot be reached or says that it leads no more, a request is tried again until its time is up. A node
 * that was asked answers one request after the other, so that what must not wait has a channel of its own.
 */
public final class ClusterControllerChannel implements ControllerChannel, AutoCloseable {

    static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Wiring wiring;
    private final long timeoutNanos;
    private @Nullable Peer peer;
    private boolean isClosed;

    /** What members of the quorum have not answered; they do so on threads of their own. */
    private final Set<Question> asked = Collections.synchronizedSet(new LinkedHashSet<>());

    private record Question(int member, CompletableFuture<ByteBuffer> answer) {}

    /**
     * What channels are made of.
     *
     * @param loop the controller's event loop
     * @param listener the name of the listener by which brokers reach each other
     * @param members the way to a controller that is no broker, or none yet; null if there can be none
     */
    public record Wiring(
            Controller controller,
            MetadataFollower follower,
            PeerRuntime peers,
            EventLoop loop,
            String listener,
            @Nullable AskableLog members) {}

    /** A channel that gives up on a request after so long. */
    public ClusterControllerChannel(Wiring wiring, long timeoutNanos) {
        this.wiring = wiring;
        this.timeoutNanos = timeoutNanos;
        wiring.follower.whenLeaderChanges(this::leaveFormerLeader);
    }

    /** One that is frozen or cut off does not say that it leads no more: who waits for it asks the next. */
    private void leaveFormerLeader() {
        var leader = wiring.follower.controllerId();
        if (leader.isEmpty()) {
            return; // The former one may be the next.
        }
        var former = peer;
        if (former != null && (isLocal() || !leaderEndpoint().equals(Optional.of(former.endpoint())))) {
            peer = null;
            former.close();
        }
        List.copyOf(asked).stream()
                .filter(question -> question.member != leader.getAsInt())
                .forEach(question -> question.answer.completeExceptionally(
                        new ControllerException(ErrorCode.NOT_CONTROLLER, "node " + leader.getAsInt() + " leads now")));
    }

    @Override
    public <R extends ResponseMessage> CompletionStage<R> call(RequestMessage request, Class<R> responseType) {
        var call = new ControllerCall<>(this, request, responseType, nowNanos() + timeoutNanos);
        if (wiring.loop.isCurrent()) {
            call.begin();
        } else {
            try {
                wiring.loop.execute(call::begin);
            } catch (RejectedExecutionException e) {
                return CompletableFuture.failedFuture(
                        new ControllerException(ErrorCode.NOT_CONTROLLER, "this node has stopped"));
            }
        }
        return call.stage();
    }

    Wiring wiring() {
        return wiring;
    }

    long nowNanos() {
        return wiring.peers.clock().nanos();
    }

    boolean isClosed() {
        return isClosed;
    }

    /** Whether this node believes to be the controller. */
    boolean isLocal() {
        return wiring.follower.controllerId().equals(OptionalInt.of(wiring.follower.brokerId()));
    }

    /** The way to the leader's node, if it is known where that is. */
    Optional<Peer> leader() {
        assert wiring.loop.isCurrent();
        return leaderEndpoint().map(this::peerAt);
    }

    private Optional<Endpoint> leaderEndpoint() {
        var leader = wiring.follower.controllerId();
        return leader.isEmpty()
                ? Optional.empty()
                : wiring.follower
                        .known()
                        .broker(leader.getAsInt())
                        .flatMap(broker -> broker.endpoint(wiring.listener))
                        .map(known -> new Endpoint(known.host(), known.port()));
    }

    /** Asks the leader over the metadata quorum, if it is no broker; empty if there is no leader, or no such way. */
    Optional<CompletionStage<ByteBuffer>> askMember(ByteBuffer question) {
        assert wiring.loop.isCurrent();
        var leader = wiring.follower.controllerId();
        var members = wiring.members;
        if (members == null
                || leader.isEmpty()
                || wiring.follower.known().broker(leader.getAsInt()).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(answerOf(leader.getAsInt(), members.ask(leader.getAsInt(), question)));
        } catch (IllegalStateException e) {
            return Optional.empty(); // The log is closed, and so is this channel soon.
        }
    }

    /** What a member answers, unless another one leads before it does. */
    private CompletionStage<ByteBuffer> answerOf(int member, CompletionStage<ByteBuffer> answer) {
        var question = new Question(member, new CompletableFuture<>());
        asked.add(question);
        answer.whenComplete((bytes, failure) -> {
            asked.remove(question);
            if (failure == null) {
                question.answer.complete(bytes);
            } else {
                question.answer.completeExceptionally(failure);
            }
        });
        return question.answer;
    }

    private Peer peerAt(Endpoint endpoint) {
        var last = peer;
        if (last != null && last.endpoint().equals(endpoint)) {
            return last;
        }
        if (last != null) {
            last.close();
        }
        var next = new Peer(wiring.peers, wiring.loop, endpoint);
        peer = next;
        return next;
    }

    /** Fails what waits. Any thread. */
    @Override
    public void close() {
        try {
            wiring.loop.execute(() -> {
                isClosed = true;
                if (peer != null) {
                    peer.close();
                }
            });
        } catch (RejectedExecutionException e) {
            isClosed = true;
        }
    }
}
