package io.thalweg.coordinator.ratis;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.thalweg.spi.runtime.Workers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.AlreadyClosedException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to the voters, opened by the first question. Any thread.
 *
 * <p>A connection that could not be made is tried again less and less often, up to two minutes apart; so the way is opened anew when
 * some questions in a row have failed, and at once when one was refused because the way to its voter is closed.
 */
final class MemberCalls implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(MemberCalls.class);

    /** A question that could not be sent is tried again every 50 or 100 milliseconds. */
    private static final int FAILURES = 10;

    private final QuorumSettings settings;
    private final Supplier<RaftGroup> group;
    /** Closes ways, each of which may take seconds where a voter on it is frozen; nobody is to wait for that. */
    private final Workers.Pool closing;

    @GuardedBy("this") private @Nullable RaftClient client;

    /** Where those are that the client knows. */
    @GuardedBy("this") private Map<RaftPeerId, String> known = Map.of();

    @GuardedBy("this") private int failuresInARow;

    @GuardedBy("this") private boolean isClosed;

    /**
     * The way to a group.
     *
     * @param group those in it now
     */
    MemberCalls(QuorumSettings settings, Supplier<RaftGroup> group, Workers workers) {
        this.settings = settings;
        this.group = group;
        this.closing = workers.start("metadata-log-ways", 1);
    }

    /** Asks a voter, which answers once it knows to be as far as the leader; fails where there is no answer. */
    CompletionStage<byte[]> ask(RaftPeerId voter, byte[] question) {
        var message = Message.valueOf(UnsafeByteOperations.unsafeWrap(question));
        var asked = client();
        CompletionStage<RaftClientReply> answer = asked.async().sendReadOnlyUnordered(message, voter);
        return answer.handle((reply, failure) -> {
            if (reply != null && reply.isSuccess()) {
                succeeded();
                return reply.getMessage().getContent().toByteArray();
            }
            failed(asked, failure);
            throw new IllegalStateException(
                    "voter " + voter + " gave no answer", failure != null ? failure : reply.getException());
        });
    }

    /** Asks the controller of a voter. */
    void askController(int voter, ByteBuffer question, CompletableFuture<ByteBuffer> stage) {
        ask(QuorumPeers.id(voter), ObserverCodec.encodeForController(question)).whenComplete((bytes, failure) -> {
            if (failure == null) {
                stage.complete(ByteBuffer.wrap(bytes));
            } else {
                stage.completeExceptionally(failure);
            }
        });
    }

    private synchronized RaftClient client() {
        if (isClosed) {
            throw new IllegalStateException("the way to the voters is closed");
        }
        var now = group.get();
        var open = client;
        // Groups are equal when their members have the same ids, wherever those are.
        var addresses = QuorumPeers.addresses(now);
        if (open != null && !addresses.equals(known)) {
            var stale = open;
            open = null;
            closing.execute(() -> close(stale));
        }
        if (open == null) {
            open = open(now);
            client = open;
            known = addresses;
        }
        return open;
    }

    /** Ratis looks for its own parts where the thread's context points to. */
    private RaftClient open(RaftGroup now) {
        var thread = Thread.currentThread();
        var before = thread.getContextClassLoader();
        thread.setContextClassLoader(MemberCalls.class.getClassLoader());
        try {
            return RaftClient.newBuilder()
                    .setProperties(RatisSetup.ofObserver(settings))
                    .setRaftGroup(now)
                    .setRetryPolicy(RetryPolicies.noRetry())
                    .build();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    private synchronized void succeeded() {
        failuresInARow = 0;
    }

    private synchronized void failed(RaftClient asked, @Nullable Throwable failure) {
        failuresInARow++;
        if (asked == client && !isClosed && (failuresInARow >= FAILURES || isClosedWay(failure))) {
            failuresInARow = 0;
            client = null;
            closing.execute(() -> close(asked));
        }
    }

    /** Ratis keeps the way to a voter that went, closed, though that voter is back; others may answer on theirs meanwhile. */
    private static boolean isClosedWay(@Nullable Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof AlreadyClosedException) {
                return true;
            }
        }
        return false;
    }

    private static void close(RaftClient client) {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("a way to the voters was not closed in order", e);
        }
    }

    @Override
    public void close() {
        RaftClient open;
        synchronized (this) {
            isClosed = true;
            open = client;
            client = null;
        }
        if (open != null) {
            close(open);
        }
        closing.close();
    }
}
