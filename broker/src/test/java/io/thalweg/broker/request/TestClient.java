package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Frame;
import io.thalweg.spi.transport.TransportLimits;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client that speaks one request after the other, or many at once; it insists that answers come in the order of the requests.
 *
 * <p>Its state belongs to its event loop; tests call from their own thread.
 */
public final class TestClient implements ConnectionHandler, AutoCloseable {

    private static final long LIMIT_SECONDS = 30;

    private final Connection connection;
    private final ArrayDeque<Expected> expected = new ArrayDeque<>();
    private final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();
    private int nextCorrelationId;
    private String clientId = "test";

    private record Expected(int correlationId, CompletableFuture<ByteBuffer> answer) {}

    private TestClient(Connection connection) {
        this.connection = connection;
    }

    public static TestClient connect(InProcessNetwork network, Endpoint endpoint) {
        var client = new CompletableFuture<TestClient>();
        network.connect(endpoint, TransportLimits.DEFAULT, connection -> {
            var handler = new TestClient(connection);
            client.complete(handler);
            return handler;
        });
        return get(client);
    }

    /** The same client, which calls itself so from now on. */
    TestClient named(String name) {
        clientId = name;
        return this;
    }

    /** Sends and waits for the answer. */
    public <R extends ResponseMessage> R call(RequestMessage request, int version, Class<R> type) {
        return type.cast(get(send(request, version)));
    }

    public CompletableFuture<ResponseMessage> send(RequestMessage request, int version) {
        var api = request.apiKey();
        return sendBytes(encode(request, (short) version, nextCorrelationId + 1))
                .thenApply(answer -> {
                    var reader = new MessageReader(answer);
                    ResponseHeader.read(reader, api.responseHeaderVersion((short) version));
                    return MessageCodec.readResponse(api, reader, (short) version);
                });
    }

    /** Sends without expecting an answer. */
    void sendUnanswered(RequestMessage request, int version) {
        var bytes = encode(request, (short) version, ++nextCorrelationId);
        connection.eventLoop().execute(() -> write(bytes));
    }

    /** Sends a frame as it is; completes with the whole answer, which must bear the next correlation id. */
    CompletableFuture<ByteBuffer> sendBytes(ByteBuffer bytes) {
        var answer = new CompletableFuture<ByteBuffer>();
        var correlationId = ++nextCorrelationId;
        connection.eventLoop().execute(() -> {
            if (closed.isDone()) {
                answer.completeExceptionally(new IllegalStateException("connection is closed"));
                return;
            }
            expected.add(new Expected(correlationId, answer));
            write(bytes);
        });
        return answer;
    }

    /** Sends a frame as it is; nobody looks at the answer. */
    void sendOnly(ByteBuffer bytes) {
        var unseen = sendBytes(bytes);
        assertThat(unseen).isNotNull();
    }

    /** Sends a request whose answer nobody looks at. */
    void sendOnly(RequestMessage request, int version) {
        sendOnly(frameOf(request, version));
    }

    private void write(ByteBuffer bytes) {
        var frame = connection.newFrame(bytes.remaining());
        frame.buffer().put(bytes.duplicate());
        connection.send(frame);
    }

    private ByteBuffer encode(RequestMessage request, short version, int correlationId) {
        var api = request.apiKey();
        var header = new RequestHeader(api.id(), version, correlationId, clientId);
        var headerVersion = api.requestHeaderVersion(version);
        var buffer = ByteBuffer.allocate(header.sizeInBytes(headerVersion) + request.sizeInBytes(version));
        var writer = new MessageWriter(buffer);
        header.write(writer, headerVersion);
        request.write(writer, version);
        return buffer.flip();
    }

    /** A request as its frame, for tests that damage it. */
    ByteBuffer frameOf(RequestMessage request, int version) {
        return encode(request, (short) version, nextCorrelationId + 1);
    }

    @Override
    public void received(Frame frame) {
        try (frame) {
            var bytes = frame.bytes();
            var copy = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
            var next = expected.remove();
            if (copy.getInt(0) == next.correlationId()) {
                next.answer().complete(copy);
            } else {
                next.answer()
                        .completeExceptionally(new AssertionError(
                                "answer " + copy.getInt(0) + " came in the turn of " + next.correlationId()));
            }
        }
    }

    @Override
    public void writabilityChanged(boolean writable) {}

    @Override
    public void closed(@Nullable Throwable cause) {
        closed.complete(cause);
        expected.forEach(
                each -> each.answer().completeExceptionally(new IllegalStateException("connection is closed")));
        expected.clear();
    }

    /** Waits until the connection is closed. */
    void awaitClosed() {
        get(closed);
    }

    boolean isOpen() {
        return !closed.isDone();
    }

    void assertClosed() {
        awaitClosed();
        assertThat(closed).isDone();
    }

    static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    @Override
    public void close() {
        connection.close();
        awaitClosed();
    }
}
