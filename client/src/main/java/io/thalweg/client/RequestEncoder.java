package io.thalweg.client;

import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.message.RequestHeader;
import io.thalweg.spi.transport.Connection;

/** Turns a request into a frame; on the loop. */
final class RequestEncoder {

    private RequestEncoder() {}

    static void send(Connection connection, ApiKey api, RequestHeader header, RequestMessage request) {
        var version = header.requestApiVersion();
        var headerVersion = api.requestHeaderVersion(version);
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
}
