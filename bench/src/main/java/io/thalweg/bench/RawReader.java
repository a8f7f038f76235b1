package io.thalweg.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Reads all partitions of a topic from their beginnings as fast as a server sends them, and looks at nothing but the offsets: what a server
 * can do when the client costs nothing. Fetch requests of version 11 with the limits that Kafka's consumer has; two at a time, each of
 * every second partition, so that the server need not wait until its last answer has been looked at.
 */
final class RawReader implements AutoCloseable {

    private static final short FETCH = 1;
    private static final short VERSION = 11;
    private static final int PARTITION_BYTES = 1 << 20;
    private static final int MAX_BYTES = 50 << 20;
    private static final int MAX_WAIT_MILLIS = 500;
    private static final int REQUESTS = 2;

    /** As much as the bare loop takes at once: a larger one would leave the processor's cache. */
    private static final int WINDOW_BYTES = 1 << 20;

    private static final int BATCH_LENGTH_AT = 8;
    private static final int BATCH_OVERHEAD = 12;
    private static final int LAST_OFFSET_DELTA_AT = 23;
    private static final int BATCH_HEADER_BYTES = 61;

    private final SocketChannel socket;
    private final byte[] topic;
    private final long[] nextOffsets;
    private final long[] ends;
    private final ByteBuffer request;

    /** What has come and was not looked at yet. */
    private final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES).limit(0);

    private long bytesRead;

    RawReader(Server server, String topic, int partitions) throws IOException {
        var address = server.bootstrap().split(":", 2);
        this.socket = SocketChannel.open(new InetSocketAddress(address[0], Integer.parseInt(address[1])));
        this.topic = topic.getBytes(StandardCharsets.UTF_8);
        this.nextOffsets = new long[partitions];
        this.ends = new long[partitions];
        Arrays.fill(ends, Long.MAX_VALUE);
        this.request = ByteBuffer.allocateDirect(1024 + 32 * partitions);
    }

    /** Reads all there is, so many bytes of batches at least. */
    void read(long bytes) throws IOException {
        var asked = new ArrayDeque<Integer>();
        for (var part = 0; part < REQUESTS; part++) {
            ask(part);
            asked.add(part);
        }
        while (!asked.isEmpty()) {
            take();
            int part = asked.remove();
            if (hasMore(part)) {
                ask(part);
                asked.add(part);
            }
        }
        if (bytesRead < bytes) {
            throw new EOFException("only " + bytesRead + " of " + bytes + " bytes are there");
        }
    }

    private boolean hasMore(int part) {
        for (var partition = part; partition < nextOffsets.length; partition += REQUESTS) {
            if (nextOffsets[partition] < ends[partition]) {
                return true;
            }
        }
        return false;
    }

    private void ask(int part) throws IOException {
        request.clear().position(Integer.BYTES);
        request.putShort(FETCH).putShort(VERSION).putInt(part).putShort((short) -1);
        request.putInt(-1).putInt(MAX_WAIT_MILLIS).putInt(1).putInt(MAX_BYTES).put((byte) 0);
        request.putInt(0).putInt(-1); // no session
        request.putInt(1).putShort((short) topic.length).put(topic);
        request.putInt((nextOffsets.length - part + REQUESTS - 1) / REQUESTS);
        for (var partition = part; partition < nextOffsets.length; partition += REQUESTS) {
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
        skip(4 + 4 + 4 + 2 + 4); // size, correlation, throttle, error, session
        for (var topics = takeInt(); topics > 0; topics--) {
            skip(Short.BYTES + topic.length);
            for (var partitions = takeInt(); partitions > 0; partitions--) {
                takePartition();
            }
        }
    }

    private void takePartition() throws IOException {
        var partition = takeInt();
        await(Short.BYTES + Long.BYTES);
        var error = window.getShort();
        if (error != 0) {
            throw new IOException("partition " + partition + " answered error " + error);
        }
        ends[partition] = window.getLong();
        skip(2 * Long.BYTES); // last stable offset, log start
        skip(2 * Long.BYTES * Math.max(0, takeInt()) + Integer.BYTES); // aborted transactions, replica to read from
        var left = Math.max(0, takeInt());
        while (left >= BATCH_HEADER_BYTES) {
            await(BATCH_HEADER_BYTES);
            var at = window.position();
            var size = BATCH_OVERHEAD + window.getInt(at + BATCH_LENGTH_AT);
            if (size > left) {
                break; // The last batch is cut short where a partition's limit is.
            }
            nextOffsets[partition] = window.getLong(at) + window.getInt(at + LAST_OFFSET_DELTA_AT) + 1;
            bytesRead += size;
            left -= size;
            skip(size);
        }
        skip(left);
    }

    private int takeInt() throws IOException {
        await(Integer.BYTES);
        return window.getInt();
    }

    /** Returns when so many bytes are in the window. */
    private void await(int count) throws IOException {
        if (window.remaining() < count) {
            window.compact();
            while (window.position() < count) {
                receive();
            }
            window.flip();
        }
    }

    private void skip(int count) throws IOException {
        var left = count;
        while (left > window.remaining()) {
            left -= window.remaining();
            window.clear();
            receive();
            window.flip();
        }
        window.position(window.position() + left);
    }

    private void receive() throws IOException {
        if (socket.read(window) < 0) {
            throw new EOFException("the server closed the connection");
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
