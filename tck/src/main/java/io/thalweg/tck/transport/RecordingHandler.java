package io.thalweg.tck.transport;

import io.thalweg.spi.transport.Connection;
import io.thalweg.spi.transport.ConnectionHandler;
import io.thalweg.spi.transport.Frame;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what it hears on its connection. The connection's event loop writes, the test's thread reads. */
final class RecordingHandler implements ConnectionHandler {

    private final Connection connection;
    private final Consumer<Frame> receiver;
    private final BlockingQueue<byte[]> payloads = new LinkedBlockingQueue<>();
    private final List<Boolean> writability = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Optional<Throwable>> closed = new CompletableFuture<>();
    private final AtomicInteger closedCount = new AtomicInteger();
    private final List<String> misbehaviour = new CopyOnWriteArrayList<>();
    private boolean isCalling;

    /** Keeps the bytes of each frame and closes it. */
    RecordingHandler(Connection connection) {
        this(connection, Frame::close);
    }

    /** Keeps the bytes of each frame, then hands it over. */
    RecordingHandler(Connection connection, Consumer<Frame> receiver) {
        this.connection = connection;
        this.receiver = receiver;
    }

    @Override
    public void received(Frame frame) {
        watched("received", () -> {
            payloads.add(bytesOf(frame));
            receiver.accept(frame);
        });
    }

    @Override
    public void writabilityChanged(boolean writable) {
        watched("writabilityChanged", () -> writability.add(writable));
    }

    @Override
    public void closed(@Nullable Throwable cause) {
        watched("closed", () -> {
            closedCount.incrementAndGet();
            closed.complete(Optional.ofNullable(cause));
        });
    }

    private void watched(String call, Runnable body) {
        if (!connection.eventLoop().isCurrent()) {
            misbehaviour.add(call + " called on " + Thread.currentThread());
        }
        if (isCalling) {
            misbehaviour.add(call + " called from within another call");
        }
        if (closed.isDone()) {
            misbehaviour.add(call + " called after closed");
        }
        isCalling = true;
        try {
            body.run();
        } finally {
            isCalling = false;
        }
    }

    Connection connection() {
        return connection;
    }

    /** The payload of the next frame, once it has arrived. */
    byte[] next() throws InterruptedException {
        var payload = payloads.poll(Wire.LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (payload == null) {
            throw new AssertionError("no frame from " + connection.remote() + " within " + Wire.LIMIT);
        }
        return payload;
    }

    /** How many frames have arrived that {@link #next} has not given. */
    int waitingCount() {
        return payloads.size();
    }

    List<Boolean> writability() {
        return writability;
    }

    /** The cause the connection closed with, once it has. */
    Optional<Throwable> cause() {
        return closed.orTimeout(Wire.LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    }

    boolean isClosed() {
        return closed.isDone();
    }

    int closedCount() {
        return closedCount.get();
    }

    /** What the transport did that its contract forbids, in words. */
    List<String> misbehaviour() {
        return misbehaviour;
    }

    /** Sends a frame with this payload, from any thread. */
    void send(byte[] payload) {
        connection.eventLoop().execute(() -> sendNow(payload));
    }

    /** Sends a frame with this payload, on the event loop. */
    void sendNow(byte[] payload) {
        var frame = connection.newFrame(payload.length);
        frame.buffer().put(payload);
        connection.send(frame);
    }

    /** Runs the task on the event loop and waits for its end. */
    void onLoop(Runnable task) throws InterruptedException {
        var ended = new CountDownLatch(1);
        connection.eventLoop().execute(() -> {
            try {
                task.run();
            } finally {
                ended.countDown();
            }
        });
        if (!ended.await(Wire.LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("a task did not end within " + Wire.LIMIT);
        }
    }

    private static byte[] bytesOf(Frame frame) {
        ByteBuffer view = frame.bytes().duplicate();
        var bytes = new byte[view.remaining()];
        view.get(bytes);
        return bytes;
    }
}
