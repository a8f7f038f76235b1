package io.thalweg.broker.request;

import io.thalweg.protocol.BufferRecords;
import io.thalweg.protocol.MessageWriter;
import io.thalweg.protocol.Records;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.ResponseHeader;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.transport.Connection;
import java.util.List;

/** Turns an answer into a frame whose batches stay where the log has them. */
final class ResponseEncoder {

    private ResponseEncoder() {}

    /** Sends the answer, or gives back the batches it has; gives its size in bytes. */
    static int send(Connection connection, Exchange exchange, ResponseMessage response) {
        try {
            return encodeAndSend(connection, exchange, response);
        } catch (RuntimeException | Error e) {
            exchange.slices().forEach(LogSlice::close);
            throw e;
        }
    }

    private static int encodeAndSend(Connection connection, Exchange exchange, ResponseMessage response) {
        var version = exchange.version();
        var headerVersion = exchange.api().responseHeaderVersion(version);
        var header = new ResponseHeader(exchange.correlationId());
        var sizeInBytes = header.sizeInBytes(headerVersion) + response.sizeInBytes(bodyVersion(exchange));
        var slicesBytes =
                exchange.slices().stream().mapToInt(LogSlice::sizeInBytes).sum();
        var frame = connection.newFrame(sizeInBytes - slicesBytes);
        try {
            var writer = new MessageWriter(frame.buffer(), (position, records) -> frame.splice(sliceOf(records)));
            header.write(writer, headerVersion);
            response.write(writer, bodyVersion(exchange));
        } catch (RuntimeException | Error e) {
            frame.close();
            throw e;
        }
        connection.send(frame);
        return sizeInBytes;
    }

    /** A client that asked for a version of ApiVersions we do not know is answered in version 0. */
    private static short bodyVersion(Exchange exchange) {
        return exchange.api().supports(exchange.version()) ? exchange.version() : 0;
    }

    private static LogSlice sliceOf(Records records) {
        if (records instanceof SliceRecords inLog) {
            return inLog.slice();
        }
        return LogSlice.of(List.of(((BufferRecords) records).bytes()), () -> {});
    }
}
