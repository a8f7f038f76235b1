package io.thalweg.broker.peer;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.Frame;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One request and the answer to come. What it is does not change; it is answered on the owner's event loop. */
final class PeerCall<R extends ResponseMessage> {

    private final RequestMessage request;
    private final short version;
    private final Class<R> type;
    private final long deadlineNanos;
    private final CompletableFuture<PeerAnswer<R>> answer = new CompletableFuture<>();

    PeerCall(RequestMessage request, short version, Class<R> type, long deadlineNanos) {
        this.request = request;
        this.version = version;
        this.type = type;
        this.deadlineNanos = deadlineNanos;
    }

    ApiKey api() {
        return request.apiKey();
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    CompletionStage<PeerAnswer<R>> answer() {
        return answer;
    }

    /** Sends the request; on the connection's event loop. */
    void write(Connection connection, int correlationId, String clientId) {
        var header = new RequestHeader(api().id(), version, correlationId, clientId);
        var headerVersion = api().requestHeaderVersion(version);
        var frame = connection.newFrame(header.sizeInBytes(headerVersion) + request.sizeInBytes(version));
        try {
            var writer = new MessageWriter(frame.buffer());
            header.write(writer, headerVersion);
            request.write(writer, version);
        } catch (RuntimeException | Error e) {
            frame.close();
            throw e;
        }
        connection.send(frame);
    }

    /** Understands an answer, which then lies in the given frame; on the connection's event loop. */
    PeerAnswer<R> read(Frame frame, int correlationId) {
        var reader = new MessageReader(frame.bytes());
        var header = ResponseHeader.read(reader, api().responseHeaderVersion(version));
        if (header.correlationId() != correlationId) {
            throw new IllegalStateException("correlation id " + header.correlationId() + ": expected " + correlationId);
        }
        return new PeerAnswer<>(type.cast(MessageCodec.readResponse(api(), reader, version)), frame);
    }

    void fail(PeerException failure) {
        answer.completeExceptionally(failure);
    }

    /** Answers; an answer that comes too late is given back. */
    void complete(PeerAnswer<R> given) {
        if (!answer.complete(given)) {
            given.close();
        }
    }
}
