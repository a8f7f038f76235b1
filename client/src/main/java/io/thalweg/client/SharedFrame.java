package io.thalweg.client;

import io.thalweg.spi.transport.Frame;
import java.util.concurrent.atomic.AtomicInteger;

/** A frame that several chunks lie in: closed when the last of them is done. Any thread. */
final class SharedFrame {

    private final Frame frame;
    private final AtomicInteger holders = new AtomicInteger(1);

    /** Held once, by who makes it. */
    SharedFrame(Frame frame) {
        this.frame = frame;
    }

    SharedFrame hold() {
        holders.incrementAndGet();
        return this;
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            frame.close();
        }
    }
}
