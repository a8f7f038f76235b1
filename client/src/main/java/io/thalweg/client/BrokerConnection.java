package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.ApiVersionsRequest;
import io.thalweg.protocol.message.ApiVersionsResponse;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to one broker: agrees on versions, sends requests without waiting for earlier answers, matches answers to requests.
 * Owned by the loop.
 *
 * <p>A broker that keeps silent longer than the oldest request allows is given up: the connection closes, and with it everything that
 * waits. Requests are bounded by who sends them.
 */
final class BrokerConnection implements ConnectionHandler {

    private static final Logger log = LoggerFactory.getLogger(BrokerConnection.class);
    private static final short API_VERSIONS_VERSION = 4;

    private final ClientRuntime runtime;
    private final Endpoint endpoint;
    private final String clientId;
    private final long timeoutNanos;
    private final ClientMeters meters;
    private final Owner owner;
    private final ArrayDeque<Request<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Sent<?>> inFlight = new ArrayDeque<>();
    private @Nullable Connection connection;
    private @Nullable ApiVersionTable versions;
    private Timers.@Nullable Timer silenceTimer;
    private Timers.@Nullable Timer throttleTimer;
    private long throttledUntilNanos;
    private int nextCorrelationId;
    private boolean isWritable = true;
    private boolean isClosed;

    /** Hears of the connection. */
    interface Owner {

        void closed(BrokerConnection connection);

        /** It takes requests again. */
        void writable();
    }

    BrokerConnection(
            ClientRuntime runtime, Endpoint endpoint, ConnectionConfig config, ClientMeters meters, Owner owner) {
        this.runtime = runtime;
        this.endpoint = endpoint;
        this.clientId = config.clientId();
        this.timeoutNanos = config.requestTimeout().toNanos();
        this.meters = meters;
        this.owner = owner;
    }

    void open() {
        runtime.loop()
                .connect(endpoint, TransportLimits.DEFAULT, ignored -> this)
                .whenComplete((made, failure) -> {
                    if (!runtime.executeUnlessEnded(() -> connected(made, failure)) && made != null) {
                        made.close();
                    }
                });
    }

    private void connected(@Nullable Connection made, @Nullable Throwable failure) {
        if (made == null) {
            finish(ClientException.disconnected(
                    "broker " + endpoint + " cannot be reached: " + reason(failure), failure));
        } else if (isClosed) {
            made.close();
        } else {
            connection = made;
            negotiate(API_VERSIONS_VERSION);
        }
    }

    private static String reason(@Nullable Throwable failure) {
        var inner = failure;
        while (inner != null && inner.getCause() != null) {
            inner = inner.getCause();
        }
        return inner == null ? "unknown" : String.valueOf(inner.getMessage());
    }

    private void negotiate(short version) {
        transmit(
                new Request<>(
                        ApiKey.API_VERSIONS,
                        ApiVersionsResponse.class,
                        version,
                        agreed -> new ApiVersionsRequest("thalweg", clientVersion()),
                        timeoutNanos,
                        null,
                        reply -> negotiated(reply.message()),
                        failure -> log.debug("no versions agreed with {}", endpoint, failure)),
                version);
    }

    private static String clientVersion() {
        var version = BrokerConnection.class.getModule().getDescriptor();
        return version == null ? "0" : version.rawVersion().orElse("0");
    }

    private void negotiated(ApiVersionsResponse answer) {
        if (answer.errorCode() == ErrorCode.UNSUPPORTED_VERSION.code()) {
            negotiate((short) ApiVersionTable.common(answer.apiKeys())
                    .find(ApiKey.API_VERSIONS, (short) (API_VERSIONS_VERSION - 1))
                    .orElse(0));
        } else if (answer.errorCode() == ErrorCode.NONE.code()) {
            versions = ApiVersionTable.common(answer.apiKeys());
            flushWaiting();
        } else {
            finish(ClientException.answered("versions asked of broker " + endpoint, answer.errorCode(), null));
        }
    }

    /** Sends the request, once versions are agreed on. */
    void send(Request<?> request) {
        assert runtime.isCurrent();
        if (isClosed) {
            fail(request, ClientException.disconnected("connection to broker " + endpoint + " is closed", null));
            return;
        }
        waiting.add(request);
        flushWaiting();
    }

    private void fail(Request<?> request, ClientException reason) {
        meters.failed(request.api());
        request.failed().accept(reason);
    }

    private void flushWaiting() {
        var agreed = versions;
        while (agreed != null && !isClosed && throttleTimer == null && !waiting.isEmpty()) {
            var request = waiting.remove();
            try {
                transmit(request, agreed.choose(request.api(), request.maxVersion(), endpoint.toString()));
            } catch (ClientException e) {
                fail(request, e);
            }
        }
    }

    private void transmit(Request<?> request, short version) {
        var target = connection;
        if (target == null) {
            throw new IllegalStateException("no connection to send " + request.api() + " on");
        }
        var message = request.body().at(version);
        var header = new RequestHeader(request.api().id(), version, nextCorrelationId++, clientId);
        if (request.expectsReply()) {
            var deadline = runtime.clock().nanos() + request.timeoutNanos();
            inFlight.add(new Sent<>(request, version, header.correlationId(), deadline));
            watchSilence();
        }
        write(target, request.api(), header, message);
        if (request.written() != null) {
            request.written().run();
        }
    }

    private void write(Connection target, ApiKey api, RequestHeader header, RequestMessage message) {
        try {
            RequestEncoder.send(target, api, header, message);
        } catch (RuntimeException
                | OutOfMemoryError e) { // Of memory outside of the heap, say: what waits is tried again.
            log.error(
                    "{} version {} to broker {} could not be written",
                    api.apiName(),
                    header.requestApiVersion(),
                    endpoint,
                    e);
            target.close();
        }
    }

    @Override
    public void received(Frame frame) {
        assert runtime.isCurrent();
        var sent = inFlight.poll();
        if (isClosed || sent == null) {
            frame.close();
            finish(ClientException.disconnected("broker " + endpoint + " answered what was not asked", null));
            return;
        }
        try {
            answer(sent, frame);
        } catch (RuntimeException e) {
            var failure = ClientException.disconnected(
                    "answer of broker " + endpoint + " makes no sense: " + e.getMessage(), e);
            fail(sent.request(), failure);
            finish(failure);
        }
        watchSilence();
    }

    private <T extends ResponseMessage> void answer(Sent<T> sent, Frame frame) {
        var reply = reply(sent, frame);
        meters.answered(sent.request().api(), runtime.clock().nanos() - sent.nanos());
        heedThrottle(reply.message().throttleTimeMillis());
        try {
            sent.request().replied().accept(reply);
        } finally {
            reply.closeUntaken();
        }
    }

    /** A broker that wants to be left alone for a while (KIP-219) is: it would not read what is sent before. */
    private void heedThrottle(int millis) {
        if (millis <= 0) {
            return;
        }
        meters.throttled(millis);
        var until = runtime.clock().nanos() + Duration.ofMillis(millis).toNanos();
        if (throttleTimer != null) {
            if (until - throttledUntilNanos <= 0) {
                return;
            }
            throttleTimer.cancel();
        }
        throttledUntilNanos = until;
        throttleTimer = runtime.after(Duration.ofMillis(millis).toNanos(), () -> {
            throttleTimer = null;
            flushWaiting();
            writabilityChanged(isWritable);
        });
    }

    /** Closes the frame only if it throws: whoever takes the reply's frame closes it. */
    private static <T extends ResponseMessage> Reply<T> reply(Sent<T> sent, Frame frame) {
        try {
            var api = sent.request().api();
            var reader = new MessageReader(frame.bytes());
            var header = ResponseHeader.read(reader, api.responseHeaderVersion(sent.version()));
            if (header.correlationId() != sent.correlationId()) {
                throw new IllegalStateException(
                        "correlation id " + header.correlationId() + ", expected " + sent.correlationId());
            }
            var version = api == ApiKey.API_VERSIONS && refusesVersion(frame) ? 0 : sent.version();
            var message = sent.request().type().cast(MessageCodec.readResponse(api, reader, version));
            return new Reply<>(message, version, frame);
        } catch (RuntimeException e) {
            frame.close();
            throw e;
        }
    }

    /** A broker that does not know our version of ApiVersions answers in version 0; every version begins with the error. */
    private static boolean refusesVersion(Frame frame) {
        var bytes = frame.bytes();
        return bytes.remaining() >= Short.BYTES
                && bytes.getShort(bytes.position()) == ErrorCode.UNSUPPORTED_VERSION.code();
    }

    @Override
    public void writabilityChanged(boolean writable) {
        isWritable = writable;
        if (writable) {
            owner.writable();
        }
    }

    /** Whether little enough waits to be sent for more to be taken. */
    boolean isWritable() {
        return isWritable && !isClosed && throttleTimer == null;
    }

    private void watchSilence() {
        if (silenceTimer != null || inFlight.isEmpty() || isClosed) {
            return;
        }
        var oldest = inFlight.element();
        silenceTimer = runtime.after(oldest.deadlineNanos() - runtime.clock().nanos(), this::checkSilence);
    }

    private void checkSilence() {
        silenceTimer = null;
        var oldest = inFlight.peek();
        if (oldest != null && oldest.deadlineNanos() - runtime.clock().nanos() <= 0) {
            finish(ClientException.timedOut(
                    "broker " + endpoint + " did not answer "
                            + oldest.request().api().apiName() + " within "
                            + oldest.request().timeoutNanos() / 1_000_000 + " ms",
                    null));
        }
        watchSilence();
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        finish(ClientException.disconnected(
                "connection to broker " + endpoint + " was closed"
                        + (cause == null ? " by the other side" : ": " + reason(cause)),
                cause));
    }

    void close() {
        finish(ClientException.closed());
    }

    private void finish(ClientException failure) {
        assert runtime.isCurrent();
        if (isClosed) {
            return;
        }
        isClosed = true;
        if (connection != null) {
            connection.close();
        }
        if (silenceTimer != null) {
            silenceTimer.cancel();
        }
        if (throttleTimer != null) {
            throttleTimer.cancel();
        }
        owner.closed(this);
        var unanswered = inFlight.stream().<Request<?>>map(Sent::request).toList();
        var unsent = List.copyOf(waiting);
        inFlight.clear();
        waiting.clear();
        unanswered.forEach(request -> fail(request, failure));
        unsent.forEach(request -> fail(request, failure));
    }

    private record Sent<T extends ResponseMessage>(
            Request<T> request, short version, int correlationId, long deadlineNanos) {

        /** When it was sent. */
        long nanos() {
            return deadlineNanos - request.timeoutNanos();
        }
    }
}
