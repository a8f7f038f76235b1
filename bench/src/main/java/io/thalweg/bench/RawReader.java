package io.thalweg.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads all partitions of a topic from their beginnings as fast as a server sends them, and looks at nothing but the offsets: what a server
 * can do when the client costs nothing. Fetch requests of version 11, one at a time, with the limits that Kafka's consumer has.
 */
final class RawReader implements AutoCloseable {

    private static final short FETCH = 1;
    private static final short VERSION = 11;
    private static final int PARTITION_BYTES = 1 << 20;
    private static final int MAX_BYTES = 50 << 20;
    private static final int MAX_WAIT_MILLIS = 500;

    private static final int BATCH_LENGTH_AT = 8;
    private static final int BATCH_OVERHEAD = 12;
    private static final int LAST_OFFSET_DELTA_AT = 23;

    private final SocketChannel socket;
    private final byte[] topic;
    private final long[] nextOffsets;
    private final ByteBuffer request;
    private final ByteBuffer response;
    private long bytesRead;

    RawReader(Server server, String topic, int partitions) throws IOException {
        var address = server.bootstrap().split(":", 2);
        this.socket = SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        this.topic = topic.getBytes(StandardCharsets.UTF_8);
        this.nextOffsets = new long[partitions];
        this.request = ByteBuffer.allocateDirect(1024 + 32 * partitions);
        this.response = ByteBuffer.allocateDirect((2 * partitions + 1) * PARTITION_BYTES);
    }

    /** Reads until so many bytes of batches have come. */
    void read(long bytes) throws IOException {
        while (bytesRead < bytes) {
            var before = bytesRead;
            ask();
            take();
            if (bytesRead == before) {
                throw new EOFException("only " + bytesRead + " of " + bytes + " bytes are there");
            }
        }
    }

    private void ask() throws IOException {
        request.clear().position(Integer.BYTES);
        request.putShort(FETCH).putShort(VERSION).putInt(0).putShort((short) -1);
        request.putInt(-1).putInt(MAX_WAIT_MILLIS).putInt(1).putInt(MAX_BYTES).put((byte) 0);
        request.putInt(0).putInt(-1); // no session
        request.putInt(1).putShort((short) topic.length).put(topic);
        request.putInt(nextOffsets.length);
        for (var partition = 0; partition < nextOffsets.length; partition++) {
            request.putInt(partition).putInt(-1).putLong(nextOffsets[partition]);
            request.putLong(-1).putInt(PARTITION_BYTES);
        }
        request.putInt(0).putShort((short) 0);
        request.putInt(0, request.position() - Integer.BYTES).flip();
        while (request.hasRemaining()) {
            socket.write(request);
        }
    }

    private void take() throws IOException {
        fill(Integer.BYTES);
        fill(response.getInt());
        response.position(4 + 4 + 2 + 4); // correlation, throttle, error, session
        for (var topics = response.getInt(); topics > 0; topics--) {
            response.position(response.position() + Short.BYTES + topic.length);
            for (var partitions = response.getInt(); partitions > 0; partitions--) {
                takePartition();
            }
        }
    }

    private void fill(int size) throws IOException {
        response.clear().limit(size);
        while (response.hasRemaining()) {
            if (socket.read(response) < 0) {
                throw new EOFException("the server closed the connection");
            }
        }
        response.flip();
    }

    private void takePartition() throws IOException {
        var partition = response.getInt();
        var error = response.getShort();
        if (error != 0) {
            throw new IOException("partition " + partition + " answered error " + error);
        }
        response.position(response.position() + 3 * Long.BYTES); // high watermark, last stable offset, log start
        var aborted = Math.max(0, response.getInt());
        response.position(response.position() + 2 * Long.BYTES * aborted + Integer.BYTES);
        var end = Math.max(0, response.getInt()) + response.position();
        while (end - response.position() >= BATCH_OVERHEAD) {
            var at = response.position();
            var size = BATCH_OVERHEAD + response.getInt(at + BATCH_LENGTH_AT);
            if (size > end - at) {
                break; // The last batch is cut short where a partition's limit is.
            }
            nextOffsets[partition] = response.getLong(at) + response.getInt(at + LAST_OFFSET_DELTA_AT) + 1;
            bytesRead += size;
            response.position(at + size);
        }
        response.position(end);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
