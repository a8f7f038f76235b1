package io.thalweg.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.thalweg.spi.transport.TransportException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts frames out of the bytes of a connection. Owned by its event loop.
 *
 * <p>A frame that is whole within what was read is a slice of it, or a copy if it is so small that it would hold a much larger buffer in
 * memory. Of any other frame the part that came is put into a buffer, which grows as more comes; most of the rest is read from the
 * socket right into that buffer. The length a peer announces is believed only as far as the frames it has sent so far.
 */
final class FrameCutter {

    private static final int LENGTH_BYTES = 4;
    /** A buffer for a frame begins with no more than this, unless the connection has sent larger frames. */
    private static final int FIRST_BYTES = 4 << 10;
    /** ... and then with no more than this. */
    private static final int MAX_FIRST_BYTES = 1 << 20;
    /** A smaller rest of a frame is read together with what follows it. */
    private static final int IN_PLACE_BYTES = 4 << 10;
    /** A slice holds at most this many times its size in memory. */
    private static final int MAX_HOLD_FACTOR = 4;

    private static final int NO_FRAME = -1;

    private final int maxFrameBytes;
    private final ByteBufAllocator allocator;
    private final ReadGate gate;
    private final BiConsumer<ByteBuf, Integer> receiver;

    private int lengthSoFar;
    private int lengthBytesSoFar;
    private int expectedBytes = NO_FRAME;
    private int largestBytes = FIRST_BYTES;
    private @Nullable ByteBuf part;
    private boolean readsInPlace;
    private long frameCount;

    /**
     * Makes a cutter that has seen nothing.
     *
     * @param receiver is given each payload, and how many of its bytes the gate has counted as part of a frame
     */
    FrameCutter(int maxFrameBytes, ByteBufAllocator allocator, ReadGate gate, BiConsumer<ByteBuf, Integer> receiver) {
        this.maxFrameBytes = maxFrameBytes;
        this.allocator = allocator;
        this.gate = gate;
        this.receiver = receiver;
    }

    /** Whether the first byte of a frame has come and its last has not. */
    boolean isMidFrame() {
        return expectedBytes != NO_FRAME || lengthBytesSoFar > 0;
    }

    /** How many frames were complete so far. */
    long frameCount() {
        return frameCount;
    }

    /** What is known of the frame that is not complete, in words. */
    String progress() {
        return expectedBytes == NO_FRAME
                ? lengthBytesSoFar + " of the " + LENGTH_BYTES + " bytes of a length"
                : (part == null ? 0 : part.readableBytes()) + " of the " + expectedBytes + " bytes of a frame";
    }

    /** Where the channel is to read to next, if it is into a frame. */
    @Nullable ByteBuf target() {
        readsInPlace = part != null && expectedBytes - part.readableBytes() >= IN_PLACE_BYTES;
        if (!readsInPlace || part == null) {
            return null;
        }
        grow(part);
        return part.retainedSlice(part.writerIndex(), part.writableBytes()).clear();
    }

    /** Cuts what was read; leaves bytes in it only if the gate shut. */
    void cut(ByteBuf read) {
        if (readsInPlace && part != null) {
            landed(read, part);
            return;
        }
        while (read.isReadable() && gate.isOpen(isMidFrame())) {
            if (expectedBytes == NO_FRAME && !readLength(read)) {
                return;
            }
            if (part == null && read.readableBytes() >= expectedBytes) {
                complete(whole(read, expectedBytes), 0);
            } else if (read.isReadable()) {
                fill(read);
            }
        }
    }

    private void landed(ByteBuf read, ByteBuf frame) {
        readsInPlace = false;
        var count = read.readableBytes();
        read.skipBytes(count);
        frame.writerIndex(frame.writerIndex() + count);
        gate.readPart(count);
        completeIfWhole(frame);
    }

    private boolean readLength(ByteBuf read) {
        if (lengthBytesSoFar == 0 && read.readableBytes() >= LENGTH_BYTES) {
            expect(read.readInt());
            return true;
        }
        while (read.isReadable() && lengthBytesSoFar < LENGTH_BYTES) {
            lengthSoFar = lengthSoFar << Byte.SIZE | read.readUnsignedByte();
            lengthBytesSoFar++;
        }
        if (lengthBytesSoFar < LENGTH_BYTES) {
            return false;
        }
        expect(lengthSoFar);
        return true;
    }

    private void expect(int length) {
        if (length < 0 || length > maxFrameBytes) {
            throw new TransportException(
                    "frame of " + length + " bytes announced: expected 0 to " + maxFrameBytes
                            + (frameCount == 0 ? OtherProtocol.hint(length) : ""),
                    null);
        }
        expectedBytes = length;
        lengthSoFar = 0;
        lengthBytesSoFar = 0;
    }

    private ByteBuf whole(ByteBuf read, int length) {
        if (length == 0) {
            return Unpooled.EMPTY_BUFFER;
        }
        return (long) length * MAX_HOLD_FACTOR >= read.capacity()
                ? read.readRetainedSlice(length)
                : allocator.directBuffer(length, length).writeBytes(read, length);
    }

    private void fill(ByteBuf read) {
        var frame = part;
        if (frame == null) {
            frame = allocator.directBuffer(
                    Math.min(expectedBytes, Math.max(largestBytes, read.readableBytes())), expectedBytes);
            part = frame;
        }
        grow(frame);
        var count = Math.min(read.readableBytes(), frame.writableBytes());
        frame.writeBytes(read, count);
        gate.readPart(count);
        completeIfWhole(frame);
    }

    private void grow(ByteBuf frame) {
        if (!frame.isWritable()) {
            frame.capacity((int) Math.min(expectedBytes, 2L * frame.capacity()));
        }
    }

    private void completeIfWhole(ByteBuf frame) {
        if (frame.readableBytes() == expectedBytes) {
            part = null;
            complete(frame, expectedBytes);
        }
    }

    private void complete(ByteBuf payload, int countedBytes) {
        largestBytes = Math.max(largestBytes, Math.min(expectedBytes, MAX_FIRST_BYTES));
        expectedBytes = NO_FRAME;
        frameCount++;
        receiver.accept(payload, countedBytes);
    }

    /** Gives up the part of a frame. */
    void close() {
        if (part != null) {
            part.release();
            part = null;
        }
    }
}
