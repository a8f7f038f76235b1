package io.thalweg.bench;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;

/** A connection on which requests are sent and answers taken apart from each other, so that one thread can be many members. */
final class GroupWire implements AutoCloseable {

    private static final int LIMIT_MILLIS = 120_000;

    private final Socket socket;
    private final DataInputStream input;

    GroupWire(Server server) throws IOException {
        var address = server.bootstrap().split(":", 2);
        this.socket = new Socket(InetAddress.getByName(address[0]), Integer.parseInt(address[1]));
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        this.input = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    void send(RequestMessage request, int version) throws IOException {
        send(frame(request, version));
    }

    void send(byte[] frame) throws IOException {
        socket.getOutputStream().write(frame);
    }

    /** What is sent for a request; made beforehand where making it would be measured. */
    static byte[] frame(RequestMessage request, int version) {
        var api = request.apiKey();
        var header = new RequestHeader(api.id(), (short) version, 0, "bench");
        var headerVersion = api.requestHeaderVersion((short) version);
        var size = header.sizeInBytes(headerVersion) + request.sizeInBytes((short) version);
        var bytes = ByteBuffer.allocate(Integer.BYTES + size).putInt(size);
        var writer = new MessageWriter(bytes);
        header.write(writer, headerVersion);
        request.write(writer, (short) version);
        return bytes.array();
    }

    /** The answer to the oldest request that has none yet. */
    <T> T answer(ApiKey api, int version, Class<T> type) throws IOException {
        var frame = new byte[input.readInt()];
        input.readFully(frame);
        var reader = new MessageReader(ByteBuffer.wrap(frame));
        ResponseHeader.read(reader, api.responseHeaderVersion((short) version));
        return type.cast(MessageCodec.readResponse(api, reader, (short) version));
    }

    <T> T ask(RequestMessage request, int version, Class<T> type) throws IOException {
        send(request, version);
        return answer(request.apiKey(), version, type);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
