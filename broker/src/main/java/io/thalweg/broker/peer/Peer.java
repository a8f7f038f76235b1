package io.thalweg.broker.peer;

import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportLimits;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one other broker: a connection that is made when it is first needed and made again when it was lost. Owned by its event loop.
 *
 * <p><b>Threads.</b> Any thread may send and close. Answers and failures come on the owner's event loop.
 *
 * <p><b>Ordering.</b> Requests of one thread are sent in its order, and a broker answers one after the other: a fetch that waits keeps
 * back whatever is sent behind it, so that fetches have a peer of their own.
 *
 * <p><b>Errors.</b> A stage fails with {@link PeerException}. A request that is not answered in time ends the connection with everything
 * that waits on it. While a broker cannot be reached, it is tried less and less often, at least every {@value #MAX_BACKOFF_MILLIS}
 * ms, and what was sent before a try fails with it.
 */
public final class Peer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Peer.class);
    private static final long MIN_BACKOFF_MILLIS = 20;
    private static final long MAX_BACKOFF_MILLIS = 200;

    private final PeerRuntime runtime;
    private final EventLoop owner;
    private final Endpoint endpoint;
    private final ArrayDeque<PeerCall<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<PeerCall<?>> sent = new ArrayDeque<>();
    private @Nullable PeerLink link;
    private Timers.@Nullable Timer deadline;
    private boolean isConnecting;
    private boolean isClosed;
    private long backoffMillis;
    private long triedAtNanos;

    /** A way that is not open yet. */
    public Peer(PeerRuntime runtime, EventLoop owner, Endpoint endpoint) {
        this.runtime = runtime;
        this.owner = owner;
        this.endpoint = endpoint;
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /**
     * Sends a request; completes on the owner's event loop with its answer, which is given.
     *
     * @param request must not refer to lent buffers
     * @param timeoutNanos how long the answer may take, the making of a connection included
     */
    public <R extends ResponseMessage> CompletionStage<PeerAnswer<R>> send(
            RequestMessage request, short version, Class<R> type, long timeoutNanos) {
        var call = new PeerCall<>(request, version, type, runtime.clock().nanos() + timeoutNanos);
        if (owner.isCurrent()) {
            begin(call);
        } else if (!hop(() -> begin(call))) {
            call.fail(new PeerException("no event loop to ask " + this + " from", null));
        }
        return call.answer();
    }

    /** The same for an answer that holds no bytes of its frame. */
    public <R extends ResponseMessage> CompletionStage<R> call(
            RequestMessage request, short version, Class<R> type, long timeoutNanos) {
        return send(request, version, type, timeoutNanos).thenApply(answer -> {
            answer.close();
            return answer.message();
        });
    }

    private void begin(PeerCall<?> call) {
        assert owner.isCurrent();
        if (isClosed) {
            call.fail(new PeerException("the way to " + this + " is closed", null));
            return;
        }
        waiting.add(call);
        watchDeadline();
        if (link == null) {
            connect();
        } else {
            transmit(link);
        }
    }

    private void transmit(PeerLink open) {
        while (!waiting.isEmpty()) {
            var call = waiting.remove();
            sent.add(call);
            try {
                open.send(call);
            } catch (RejectedExecutionException e) {
                lost(open, e);
                return;
            }
        }
    }

    private void connect() {
        if (isConnecting) {
            return;
        }
        isConnecting = true;
        var waitNanos = triedAtNanos
                + TimeUnit.MILLISECONDS.toNanos(backoffMillis)
                - runtime.clock().nanos();
        if (backoffMillis == 0 || waitNanos <= 0) {
            connectNow();
        } else {
            runtime.timers().schedule(waitNanos, () -> hop(this::connectNow));
        }
    }

    private void connectNow() {
        if (isClosed || waiting.isEmpty()) {
            isConnecting = false;
            return;
        }
        triedAtNanos = runtime.clock().nanos();
        // Longer only if this try comes to nothing; an answer forgets it.
        backoffMillis = Math.min(MAX_BACKOFF_MILLIS, Math.max(MIN_BACKOFF_MILLIS, 2 * backoffMillis));
        var made = new AtomicReference<PeerLink>();
        runtime.transport()
                .connect(endpoint, TransportLimits.DEFAULT, connection -> {
                    var handler = new PeerLink(this, runtime.clientId(), connection);
                    made.set(handler);
                    return handler;
                })
                .whenComplete((connection, failure) -> {
                    if (!hop(() -> connected(made.get(), failure)) && connection != null) {
                        connection.close();
                    }
                });
    }

    private void connected(@Nullable PeerLink made, @Nullable Throwable failure) {
        isConnecting = false;
        if (made == null || failure != null || made.isClosed()) {
            log.debug("{} cannot be reached", this, failure);
            failAll(waiting, new PeerException(this + " cannot be reached", failure));
        } else if (isClosed) {
            made.close();
        } else {
            link = made;
            transmit(made);
        }
    }

    <R extends ResponseMessage> void answered(PeerCall<R> call, PeerAnswer<R> answer) {
        backoffMillis = 0;
        sent.remove(call);
        call.complete(answer);
    }

    void lost(PeerLink lost, @Nullable Throwable cause) {
        if (link != lost) {
            return;
        }
        link = null;
        failAll(sent, new PeerException("the connection to " + this + " was lost", cause));
        if (!waiting.isEmpty()) {
            connect();
        }
    }

    private static void failAll(ArrayDeque<PeerCall<?>> calls, PeerException failure) {
        var failed = List.copyOf(calls);
        calls.clear();
        failed.forEach(call -> call.fail(failure));
    }

    /** One timer watches over all requests: it looks at the oldest and then waits for the next. */
    private void watchDeadline() {
        var oldest = sent.isEmpty() ? waiting.peek() : sent.peek();
        if (deadline == null && oldest != null && !isClosed) {
            var leftNanos = oldest.deadlineNanos() - runtime.clock().nanos();
            deadline = runtime.timers().schedule(leftNanos, () -> hop(this::checkDeadline));
        }
    }

    private void checkDeadline() {
        deadline = null;
        var now = runtime.clock().nanos();
        if (!sent.isEmpty() && sent.element().deadlineNanos() - now <= 0) {
            var slow = link;
            log.debug("{} did not answer {} in time", this, sent.element().api());
            link = null;
            failAll(sent, new PeerException(this + " did not answer in time", null));
            if (slow != null) {
                slow.close();
            }
        }
        while (!waiting.isEmpty() && waiting.element().deadlineNanos() - now <= 0) {
            waiting.remove().fail(new PeerException(this + " could not be reached in time", null));
        }
        if (link == null && !waiting.isEmpty()) {
            connect();
        }
        watchDeadline();
    }

    /** Ends the connection and fails what waits on it; the next request makes another one at once. Called on the owner's event loop. */
    public void disconnect() {
        assert owner.isCurrent();
        var open = link;
        if (open != null) {
            lost(open, null);
            open.close();
            backoffMillis = 0;
        }
    }

    /** Runs the task on the owner's event loop; tells whether there still is one. */
    boolean hop(Runnable task) {
        try {
            owner.execute(task);
            return true;
        } catch (RejectedExecutionException e) {
            log.debug("the event loop that asked {} has ended", this);
            return false;
        }
    }

    /** Fails what waits, and everything sent from now on. Idempotent; any thread. */
    @Override
    public void close() {
        if (owner.isCurrent()) {
            end();
        } else {
            hop(this::end);
        }
    }

    private void end() {
        isClosed = true;
        if (deadline != null) {
            deadline.cancel();
        }
        var open = link;
        link = null;
        if (open != null) {
            open.close();
        }
        var failure = new PeerException("the way to " + this + " is closed", null);
        failAll(sent, failure);
        failAll(waiting, failure);
    }

    @Override
    public String toString() {
        return "broker at " + endpoint;
    }
}
