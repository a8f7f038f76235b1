package io.thalweg.broker.request;

import java.nio.ByteBuffer;

/** Keeps bytes of a request beyond its frame. */
final class LentBytes {

    private LentBytes() {}

    /** A copy of what a lent buffer holds, to be read only. */
    static ByteBuffer copy(ByteBuffer lent) {
        var copy = ByteBuffer.allocate(lent.remaining());
        return copy.put(lent.duplicate()).flip().asReadOnlyBuffer();
    }
}
