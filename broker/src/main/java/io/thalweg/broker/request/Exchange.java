package io.thalweg.broker.request;

import io.thalweg.broker.partition.RefusedSequences;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request and the answer to come. Owned by the event loop of its connection. */
public final class Exchange {

    private static final Logger log = LoggerFactory.getLogger(Exchange.class);
    private static final AtomicLongFieldUpdater<Exchange> HANDLING_NANOS =
            AtomicLongFieldUpdater.newUpdater(Exchange.class, "handlingNanos");

    private final ClientConnection connection;
    private final ApiKey api;
    private final RequestHeader header;
    private final long receivedNanos;
    private @Nullable Frame frame;
    private @Nullable ResponseMessage response;
    private @Nullable Runnable whenAbandoned;
    private List<LogSlice> slices = List.of();
    private boolean isDone;
    private Throttle.Use use = Throttle.Use.NOTHING;
    private volatile long handlingNanos;

    Exchange(ClientConnection connection, ApiKey api, RequestHeader header, Frame frame, long receivedNanos) {
        this.connection = connection;
        this.api = api;
        this.header = header;
        this.frame = frame;
        this.receivedNanos = receivedNanos;
    }

    public ApiKey api() {
        return api;
    }

    /** The version the client speaks; its answer has the same. */
    public short version() {
        return header.requestApiVersion();
    }

    public int correlationId() {
        return header.correlationId();
    }

    /** What the client calls itself; empty if it says nothing. */
    public String clientId() {
        var id = header.clientId();
        return id == null ? "" : id;
    }

    public Endpoint remote() {
        return connection.remote();
    }

    /** Which of the broker's listeners the client came through. */
    public String listenerName() {
        return connection.listenerName();
    }

    /** What the connection keeps from one fetch to the next. */
    FetchSession fetchSession() {
        return connection.fetchSession();
    }

    /** The batches that the connection is to send again. */
    RefusedSequences refusedSequences() {
        return connection.refusedSequences();
    }

    /** What requests report to. */
    RequestListener listener() {
        return connection.listener();
    }

    /** Where the answer has to be given. */
    public EventLoop eventLoop() {
        return connection.eventLoop();
    }

    /** When the request had arrived, on the broker's clock. */
    long receivedNanos() {
        return receivedNanos;
    }

    /** What the request uses; counts for nobody until it is said. */
    Throttle.Use use() {
        return use;
    }

    void uses(Throttle.Use what) {
        use = what;
    }

    /** How long threads have worked on it, where that is measured. */
    long handlingNanos() {
        return handlingNanos;
    }

    /** A thread has worked on it: the event loop, or a shard. Any thread. */
    void handledFor(long nanos) {
        HANDLING_NANOS.addAndGet(this, nanos);
    }

    /** Takes over the request's memory: the handler closes the frame, instead of the answer. */
    public Frame takeFrame() {
        var taken = frame;
        if (taken == null) {
            throw new IllegalStateException("the frame of " + this + " was taken before");
        }
        frame = null;
        return taken;
    }

    /** Answers. */
    public void reply(ResponseMessage message) {
        reply(message, List.of());
    }

    /** Answers, on the event loop, with what the stage completes with; one that fails is a fault of ours and hangs up. */
    public void replyWhen(CompletionStage<? extends ResponseMessage> answer) {
        answer.whenComplete((message, failure) -> {
            if (eventLoop().isCurrent()) {
                replyOrGiveUp(message, failure);
            } else {
                eventLoop().execute(() -> replyOrGiveUp(message, failure));
            }
        });
    }

    private void replyOrGiveUp(@Nullable ResponseMessage message, @Nullable Throwable failure) {
        if (message != null) {
            reply(message);
        } else {
            log.error("{} has no answer; closing the connection", this, failure);
            giveUp(api + " could not be answered");
        }
    }

    /**
     * Answers with batches that lie in a log.
     *
     * @param given the {@link SliceRecords} of the answer; closed once it is sent, or cannot be
     */
    void reply(ResponseMessage message, List<LogSlice> given) {
        response = message;
        slices = given;
        finish();
    }

    /** The client wants no answer. */
    public void replyNothing() {
        finish();
    }

    /** There is no answer but to hang up, as Kafka does where the protocol has no place for the error. */
    public void hangUp(String reason) {
        connection.hangUp(reason);
        finish();
    }

    /** Hangs up whatever has become of the answer; for faults of ours and of the client's. */
    void giveUp(String reason) {
        connection.hangUp(reason);
        if (!isDone) {
            finish();
        }
    }

    /** Runs the task when the client goes before it is answered, so that nothing waits on its behalf any longer. */
    void whenAbandoned(Runnable task) {
        whenAbandoned = task;
    }

    /** The client has gone. */
    void abandoned() {
        var task = whenAbandoned;
        if (task != null && !isDone) {
            task.run();
        }
    }

    /** Requests that arrived later wait until {@link #releaseConnection}; for one that could not be passed on in its turn. */
    void holdConnection() {
        connection.hold();
    }

    void releaseConnection() {
        connection.release();
    }

    private void finish() {
        if (isDone) {
            throw new IllegalStateException(this + " was answered before");
        }
        isDone = true;
        var untaken = frame;
        if (untaken != null) {
            frame = null;
            untaken.close();
        }
        connection.answered();
    }

    /** Whether the client has gone, so that the answer will reach nobody. */
    boolean isAbandoned() {
        return connection.isClosing();
    }

    boolean isDone() {
        return isDone;
    }

    RequestHeader header() {
        return header;
    }

    @Nullable ResponseMessage response() {
        return response;
    }

    List<LogSlice> slices() {
        return slices;
    }

    @Override
    public String toString() {
        return api + " v" + version() + " #" + correlationId() + " from " + connection.remote();
    }
}
