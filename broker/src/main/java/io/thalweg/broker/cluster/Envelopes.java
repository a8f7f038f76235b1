package io.thalweg.broker.cluster;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.MessageReader;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.EnvelopeRequest;
import io.thalweg.protocol.message.MessageCodec;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.protocol.message.ResponseHeader;
import java.nio.ByteBuffer;

/** Puts a client's request, or its answer, into bytes that another message carries; each has its own header, as on the wire. */
public final class Envelopes {

    private static final String CLIENT_ID = "forwarded";

    private Envelopes() {}

    /** A request with the version it is written in. */
    public record Enclosed(RequestMessage request, short version) {}

    /** Encloses a request in its newest version. */
    static EnvelopeRequest enclose(RequestMessage request) {
        return EnvelopeRequest.builder()
                .requestData(toBytes(request))
                .requestPrincipal(null)
                .build();
    }

    /** A request in its newest version, with its header. */
    static ByteBuffer toBytes(RequestMessage request) {
        var api = request.apiKey();
        short version = api.maxStableVersion();
        var header = new RequestHeader(api.id(), version, 0, CLIENT_ID);
        var headerVersion = api.requestHeaderVersion(version);
        var buffer = ByteBuffer.allocate(header.sizeInBytes(headerVersion) + request.sizeInBytes(version));
        var writer = new MessageWriter(buffer);
        header.write(writer, headerVersion);
        request.write(writer, version);
        return buffer.flip();
    }

    /**
     * The request that was enclosed.
     *
     * @param bytes the request refers to them from now on
     * @throws MalformedMessageException if they are none
     */
    public static Enclosed open(ByteBuffer bytes) {
        var start = bytes.position();
        if (bytes.remaining() < 2 * Short.BYTES) {
            throw new MalformedMessageException("enclosed request has " + bytes.remaining() + " bytes");
        }
        short id = bytes.getShort(start);
        short version = bytes.getShort(start + Short.BYTES);
        var api = ApiKey.forId(id)
                .filter(known -> known.supports(version))
                .orElseThrow(() -> new MalformedMessageException(
                        "enclosed request has API key " + id + " and version " + version));
        var reader = new MessageReader(bytes);
        RequestHeader.read(reader, api.requestHeaderVersion(version));
        return new Enclosed(MessageCodec.readRequest(api, reader, version), version);
    }

    /** Encloses the answer to a request. */
    public static ByteBuffer enclose(ApiKey api, ResponseMessage answer, short version) {
        var header = new ResponseHeader(0);
        var headerVersion = api.responseHeaderVersion(version);
        var buffer = ByteBuffer.allocate(header.sizeInBytes(headerVersion) + answer.sizeInBytes(version));
        var writer = new MessageWriter(buffer);
        header.write(writer, headerVersion);
        answer.write(writer, version);
        return buffer.flip();
    }

    /** The answer that was enclosed, to a request in its newest version. */
    static ResponseMessage openAnswer(ApiKey api, ByteBuffer bytes) {
        short version = api.maxStableVersion();
        var reader = new MessageReader(bytes);
        ResponseHeader.read(reader, api.responseHeaderVersion(version));
        return MessageCodec.readResponse(api, reader, version);
    }
}
