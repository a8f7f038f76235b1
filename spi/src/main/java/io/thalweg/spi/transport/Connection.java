package io.thalweg.spi.transport;

import io.thalweg.spi.runtime.EventLoop;

/**
 * One end of a connection.
 *
 * <p><b>Threads.</b> All but {@code eventLoop}, {@code remote} and {@code close} are called on the connection's event loop.
 *
 * <p><b>Ownership.</b> A frame from {@code newFrame} is given back by {@code send} or by closing it.
 *
 * <p><b>Ordering.</b> Frames arrive whole and in the order of {@code send} (CONNECTION-1). What was sent leaves no later than the end
 * of the event loop's turn, so that several answers leave together.
 *
 * <p><b>Errors.</b> A send after the connection closed drops the frame and gives its memory and slices back (CONNECTION-2). An I/O
 * error closes the connection, and its handler hears the cause.
 *
 * <p><b>Close.</b> Idempotent, from any thread; what was sent before still leaves, within a bounded time (CONNECTION-3); then
 * {@link ConnectionHandler#closed} is called once. No frame arrives after a close on the event loop (CONNECTION-6).
 */
public interface Connection extends AutoCloseable {

    EventLoop eventLoop();

    /** The other end; its port is meaningful in log lines only. */
    Endpoint remote();

    /** A frame whose buffer holds at least {@code bufferBytes}; spliced slices come on top. */
    OutboundFrame newFrame(int bufferBytes);

    /** Takes the frame and sends it. */
    void send(OutboundFrame frame);

    /**
     * Whether little enough waits to be sent: false from when it is more than the limit until it is half the limit or less
     * (CONNECTION-5). {@link ConnectionHandler#writabilityChanged} tells of every change, however short-lived (CONNECTION-7).
     */
    boolean isWritable();

    /** Stops or resumes the arrival of frames; while stopped none arrives, however much was read already (CONNECTION-4). */
    void reading(boolean wanted);

    @Override
    void close();
}
