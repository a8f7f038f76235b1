package io.thalweg.integration.wire;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;

/** A socket to a broker on which anything can be sent. Confined to one thread. */
public final class RawClient implements AutoCloseable {

    /** How long an answer or a close may take; generous, because test machines are slow. */
    private static final int LIMIT_MILLIS = 60_000;

    private final Socket socket;
    private final DataInputStream input;

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.input = new DataInputStream(socket.getInputStream());
    }

    /** Connects to {@code host:port}. */
    public static RawClient connect(String bootstrap) throws IOException {
        return connect(bootstrap, null);
    }

    /** The same from one of this machine's addresses, or from any. */
    public static RawClient connect(String bootstrap, String from) throws IOException {
        var colon = bootstrap.lastIndexOf(':');
        var socket = new Socket(
                bootstrap.substring(0, colon),
                Integer.parseInt(bootstrap.substring(colon + 1)),
                from == null ? null : InetAddress.getByName(from),
                0);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.setTcpNoDelay(true);
        return new RawClient(socket);
    }

    /** The bytes of a request after its length. */
    public static byte[] encoded(RequestMessage request, int version, int correlationId) {
        var api = request.apiKey();
        var header = new RequestHeader(api.id(), (short) version, correlationId, "hostile");
        var headerVersion = api.requestHeaderVersion((short) version);
        var bytes = ByteBuffer.allocate(header.sizeInBytes(headerVersion) + request.sizeInBytes((short) version));
        var writer = new MessageWriter(bytes);
        header.write(writer, headerVersion);
        request.write(writer, (short) version);
        return bytes.array();
    }

    /** The same with its length before it. */
    public static byte[] framed(byte[] payload) {
        return announced(payload.length, payload);
    }

    /** Some bytes after a length that need not be theirs. */
    public static byte[] announced(int length, byte[] payload) {
        return ByteBuffer.allocate(Integer.BYTES + payload.length)
                .putInt(length)
                .put(payload)
                .array();
    }

    /** Sends in one call; a broker that has hung up meanwhile is for the reading side to notice. */
    public RawClient send(byte[] bytes) throws IOException {
        try {
            socket.getOutputStream().write(bytes);
        } catch (SocketException e) {
            if (socket.isClosed()) {
                throw e;
            }
        }
        return this;
    }

    public RawClient send(RequestMessage request, int version, int correlationId) throws IOException {
        return send(framed(encoded(request, version, correlationId)));
    }

    /** The answer to the oldest request that has none yet, which must bear the correlation id. */
    public ResponseMessage answer(ApiKey api, int version, int correlationId) throws IOException {
        var reader = new MessageReader(ByteBuffer.wrap(nextFrame()));
        var header = ResponseHeader.read(reader, api.responseHeaderVersion((short) version));
        if (header.correlationId() != correlationId) {
            throw new AssertionError("answer " + header.correlationId() + " came in the turn of " + correlationId);
        }
        return MessageCodec.readResponse(api, reader, (short) version);
    }

    private byte[] nextFrame() throws IOException {
        var frame = new byte[input.readInt()];
        input.readFully(frame);
        return frame;
    }

    /** Sends a request and waits for its answer. */
    public ResponseMessage ask(RequestMessage request, int version) throws IOException {
        return send(request, version, 1).answer(request.apiKey(), version, 1);
    }

    /** Waits until the broker hangs up; tells how many bytes it sent before. */
    public long bytesUntilHungUp() throws IOException {
        var count = 0L;
        var sink = new byte[8 << 10];
        try {
            for (var read = input.read(sink); read >= 0; read = input.read(sink)) {
                count += read;
            }
        } catch (SocketException e) {
            // A reset: the broker closed with bytes of ours unread.
            return count;
        }
        return count;
    }

    /** Tells the broker that nothing more comes. */
    public RawClient endOutput() throws IOException {
        try {
            socket.shutdownOutput();
        } catch (SocketException e) {
            // The broker was faster.
            return this;
        }
        return this;
    }

    /** Leaves without a farewell. */
    public void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
