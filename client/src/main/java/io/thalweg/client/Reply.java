package io.thalweg.client;

import io.thalweg.spi.transport.Frame;
import org.jspecify.annotations.Nullable;

/** An answer. Its buffers lie in the frame, which is closed after the handler unless the handler takes it. Owned by the loop. */
final class Reply<T> {

    private final T message;
    private final short version;
    private @Nullable Frame frame;

    Reply(T message, short version, Frame frame) {
        this.message = message;
        this.version = version;
        this.frame = frame;
    }

    T message() {
        return message;
    }

    short version() {
        return version;
    }

    /** Hands the frame over to the caller, who closes it. */
    Frame takeFrame() {
        var taken = frame;
        if (taken == null) {
            throw new IllegalStateException("the frame of this reply was taken before");
        }
        frame = null;
        return taken;
    }

    void closeUntaken() {
        if (frame != null) {
            frame.close();
            frame = null;
        }
    }
}
