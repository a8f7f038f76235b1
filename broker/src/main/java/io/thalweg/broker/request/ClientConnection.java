package io.thalweg.broker.request;

import io.thalweg.broker.partition.RefusedSequences;
import io.thalweg.broker.quota.ConnectionRates.Turn;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: cuts requests out of frames, begins them in order and sends their answers in order. Owned by the
 * connection's event loop.
 *
 * <p>A request begins when those before it are answered, as with Kafka, with one exception: produce requests follow each other
 * without waiting, since the shards keep their order.
 */
final class ClientConnection implements ConnectionHandler {

    private static final Logger log = LoggerFactory.getLogger(ClientConnection.class);

    /** Frames that have arrived and wait for their turn; more stop the reading. */
    private static final int MAX_WAITING_FRAMES = 64;

    private final Connection connection;
    private final String listenerName;
    private final RequestRouter router;
    private final Clock clock;
    private final RequestListener listener;
    private final Throttle throttle;
    private final Consumer<ClientConnection> onClosed;
    private final FetchSession fetchSession = new FetchSession();
    private final RefusedSequences refusedSequences;
    private final ArrayDeque<Frame> waiting = new ArrayDeque<>();
    private final ArrayDeque<Exchange> begun = new ArrayDeque<>();
    private boolean isHeld;
    /** Answers whose time to wait has not passed yet. */
    private int muteCount;

    private boolean isPumping;
    private boolean isReading = true;
    private boolean isServed = true;
    private boolean isDraining;
    private boolean isClosing;

    /**
     * A connection that was just accepted.
     *
     * @param listenerName the listener it was accepted by; clients hear of brokers' endpoints of the same name
     * @param onClosed told once, when it is gone
     */
    ClientConnection(
            Connection connection,
            String listenerName,
            RequestRouter router,
            Clock clock,
            RequestListener listener,
            Throttle throttle,
            Consumer<ClientConnection> onClosed) {
        this.connection = connection;
        this.listenerName = listenerName;
        this.router = router;
        this.clock = clock;
        this.refusedSequences = new RefusedSequences(clock);
        this.listener = listener;
        this.throttle = throttle;
        this.onClosed = onClosed;
        listener.connected();
    }

    EventLoop eventLoop() {
        return connection.eventLoop();
    }

    Endpoint remote() {
        return connection.remote();
    }

    String listenerName() {
        return listenerName;
    }

    /** What this connection and its requests report to. */
    RequestListener listener() {
        return listener;
    }

    FetchSession fetchSession() {
        return fetchSession;
    }

    RefusedSequences refusedSequences() {
        return refusedSequences;
    }

    @Override
    public void received(Frame frame) {
        if (isClosing || isDraining) {
            frame.close();
            return;
        }
        waiting.add(frame);
        pump();
    }

    /** Begins what may begin and sends what may be sent; answering from within does not begin it again. */
    private void pump() {
        if (isPumping) {
            return;
        }
        isPumping = true;
        try {
            boolean hasMoved;
            do {
                hasMoved = sendAnswers();
                while (!isClosing && !waiting.isEmpty() && mayBegin(waiting.peek())) {
                    begin(waiting.remove());
                    hasMoved = true;
                }
            } while (hasMoved);
        } finally {
            isPumping = false;
        }
        readOn();
        closeIfDrained();
    }

    private boolean mayBegin(Frame frame) {
        if (isHeld || muteCount > 0 || !connection.isWritable() || !(isServed || isOfBrokers(frame))) {
            return false;
        }
        return begun.isEmpty() || (begun.peekLast().api() == ApiKey.PRODUCE && isProduce(frame));
    }

    private static boolean isProduce(Frame frame) {
        return apiOf(frame) == ApiKey.PRODUCE;
    }

    private static boolean isOfBrokers(Frame frame) {
        var api = apiOf(frame);
        return api != null && api.isInternal();
    }

    private static @Nullable ApiKey apiOf(Frame frame) {
        var bytes = frame.bytes();
        return bytes.remaining() < Short.BYTES
                ? null
                : ApiKey.forId(bytes.getShort(bytes.position())).orElse(null);
    }

    private void begin(Frame frame) {
        var bytes = frame.bytes();
        var start = bytes.position();
        if (bytes.remaining() < 2 * Short.BYTES) {
            refuse(frame, "frame of " + bytes.remaining() + " bytes is no request");
            return;
        }
        var version = bytes.getShort(start + Short.BYTES);
        var api = ApiKey.forId(bytes.getShort(start)).orElse(null);
        if (api == null || router.find(api) == null) {
            refuse(frame, "API " + (api == null ? bytes.getShort(start) : api) + " is not answered here");
        } else if (!isOffered(api, version) && api != ApiKey.API_VERSIONS) {
            refuse(
                    frame,
                    api + " version " + version + " is not answered: expected " + api.minVersion() + " to "
                            + api.maxStableVersion());
        } else {
            dispatch(api, version, frame);
        }
    }

    static boolean isOffered(ApiKey api, short version) {
        return version >= api.minVersion() && version <= api.maxStableVersion();
    }

    private void refuse(Frame frame, String reason) {
        frame.close();
        hangUp(reason);
    }

    private void dispatch(ApiKey api, short version, Frame frame) {
        var reader = new MessageReader(frame.bytes());
        var requestBytes = frame.bytes().remaining();
        RequestHeader header;
        try {
            header = RequestHeader.read(reader, isOffered(api, version) ? api.requestHeaderVersion(version) : 1);
        } catch (MalformedMessageException e) {
            refuse(frame, "request header is malformed: " + e.getMessage());
            return;
        }
        var exchange = new Exchange(this, api, header, frame, clock.nanos());
        begun.add(exchange);
        listener.began(api, requestBytes);
        handle(exchange, reader, requestBytes);
    }

    private void handle(Exchange exchange, MessageReader reader, int requestBytes) {
        var api = exchange.api();
        var handler = router.find(api);
        try {
            if (handler == null || !isOffered(api, exchange.version())) {
                exchange.reply(ApiVersionsHandler.unsupportedVersion());
            } else {
                handle(handler, MessageCodec.readRequest(api, reader, exchange.version()), exchange, requestBytes);
            }
        } catch (MalformedMessageException e) {
            exchange.giveUp(api + " request is malformed: " + e.getMessage());
        } catch (RuntimeException e) {
            log.error("{} threw; closing the connection", exchange, e);
            exchange.giveUp(api + " could not be handled");
        }
    }

    private void handle(
            RequestHandler<RequestMessage> handler, RequestMessage request, Exchange exchange, int requestBytes) {
        if (!throttle.isNeeded()) {
            handler.handle(request, exchange);
            return;
        }
        var begunNanos = clock.nanos();
        throttle.handle(handler, request, exchange, requestBytes);
        exchange.handledFor(clock.nanos() - begunNanos);
    }

    /** Begins nothing for a while. */
    private void mute(long delayNanos) {
        muteCount++;
        throttle.later(delayNanos, eventLoop(), () -> {
            muteCount--;
            pump();
        });
    }

    /** Begins nothing before it is the connection's turn; if it was refused, closes it then. */
    void await(Turn turn) {
        if (turn.isRefused()) {
            log.debug("refusing the connection from {}: its address or listener has too many", remote());
            isDraining = true;
            throttle.later(turn.delayNanos(), eventLoop(), connection::close);
        } else if (turn.delayNanos() > 0) {
            mute(turn.delayNanos());
        }
        readOn();
    }

    void hold() {
        isHeld = true;
    }

    void release() {
        isHeld = false;
        pump();
    }

    void answered() {
        pump();
    }

    /** Sends the answers at the head; tells whether there were any. */
    private boolean sendAnswers() {
        var hasSent = false;
        while (!begun.isEmpty() && begun.peek().isDone()) {
            var exchange = begun.remove();
            var bytes = send(exchange);
            listener.answered(exchange.api(), bytes, clock.nanos() - exchange.receivedNanos());
            hasSent = true;
        }
        return hasSent;
    }

    private int send(Exchange exchange) {
        var response = exchange.response();
        try {
            var delay = throttle.delay(exchange);
            if (delay.nanos() > 0) {
                listener.throttled(delay.kind(), delay.nanos());
                mute(delay.nanos());
            }
            return response == null ? 0 : ResponseEncoder.send(connection, exchange, delay.toldWith(response));
        } catch (RuntimeException e) {
            log.error("the answer of {} could not be written; closing the connection", exchange, e);
            hangUp("answer could not be written");
            return 0;
        }
    }

    /** Closes the connection because of what the client sent. */
    void hangUp(String reason) {
        if (!isClosing) {
            log.info("closing the connection from {}: {}", remote(), reason);
            isClosing = true;
            connection.close();
        }
    }

    /** Begins nothing before {@link #serve} but what brokers ask each other, and reads nothing if that is not answered either. */
    void awaitService(boolean answersBrokers) {
        isServed = false;
        if (!answersBrokers) {
            connection.reading(false);
        }
    }

    /** Reads and begins what was sent before the broker was ready. */
    void serve() {
        isServed = true;
        if (isReading) {
            connection.reading(true);
        }
        pump();
    }

    /** Takes no more requests; closes once the last answer is on its way. A fetch that waits for records is not waited for. */
    void drain() {
        isDraining = true;
        dropWaiting();
        connection.reading(false);
        closeIfDrained();
    }

    private void closeIfDrained() {
        if (isDraining && begun.stream().allMatch(exchange -> exchange.api() == ApiKey.FETCH)) {
            connection.close();
        }
    }

    /** From any thread. */
    void closeNow() {
        connection.close();
    }

    boolean isClosing() {
        return isClosing;
    }

    private void readOn() {
        var wanted = waiting.size() < MAX_WAITING_FRAMES && muteCount == 0 && !isClosing && !isDraining;
        if (wanted != isReading) {
            isReading = wanted;
            connection.reading(wanted);
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {
        pump();
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        isClosing = true;
        if (cause != null) {
            log.debug("connection from {} was lost", remote(), cause);
        }
        dropWaiting();
        List.copyOf(begun).forEach(Exchange::abandoned);
        fetchSession.connectionClosed();
        listener.disconnected();
        onClosed.accept(this);
    }

    private void dropWaiting() {
        waiting.forEach(Frame::close);
        waiting.clear();
    }
}
