package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open log on the heap: copies what is appended, answers everything at once.
 *
 * <p>Changed by one thread at a time, the owner of the partition; readers take the partition's view of the moment.
 */
final class MemoryLog implements SegmentedLog {

    private final LogId id;
    private final MemoryPartition partition;
    private final MemoryEngine engine;
    private final AtomicBoolean replacing = new AtomicBoolean();
    private volatile LogConfig config;
    private volatile boolean closed;

    MemoryLog(LogId id, LogConfig config, MemoryPartition partition, MemoryEngine engine) {
        this.id = id;
        this.config = config;
        this.partition = partition;
        this.engine = engine;
    }

    LogId id() {
        return id;
    }

    void configure(LogConfig changed) {
        config = changed;
    }

    @Override
    public void append(List<Batch> batches) {
        checkOpen();
        if (batches.isEmpty()) {
            return;
        }
        partition.view().offsets().appended(id, batches);
        engine.checkRoomFor(batches);
        partition.append(batches.stream().map(Batch::copy).toList(), config, engine.nowMillis());
    }

    void commit() {
        partition.commit();
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        var view = partition.view();
        try {
            view.offsets().checkReadable(id, from);
        } catch (StorageException.OutOfRange e) {
            return CompletableFuture.failedStage(e);
        }
        var buffers = new ArrayList<ByteBuffer>();
        var bytes = 0L;
        for (var i = view.indexOf(from); i < view.to() && view.batch(i).lastOffset() < upTo; i++) {
            var buffer = view.batch(i).bytes();
            bytes += buffer.remaining();
            if (bytes > maxBytes && !buffers.isEmpty()) {
                break;
            }
            buffers.add(buffer.asReadOnlyBuffer());
        }
        return CompletableFuture.completedStage(LogSlice.of(buffers, () -> {}));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        var view = partition.view();
        for (var i = view.indexOf(view.start()); i < view.to(); i++) {
            if (view.batch(i).maxTimestamp() >= timestamp) {
                var offset = Math.max(view.start(), view.batch(i).baseOffset());
                return CompletableFuture.completedStage(OptionalLong.of(offset));
            }
        }
        return CompletableFuture.completedStage(OptionalLong.empty());
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        checkOpen();
        partition.truncateTo(endOffset);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        partition.shrink(view -> view.advanceStart(startOffset));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public List<LogSegment> segments() {
        return partition.view().segments();
    }

    @Override
    public void roll() {
        checkOpen();
        partition.roll();
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        checkOpen();
        if (!partition.view().hasClosed(firstOffset, endOffset) || endOffset - firstOffset > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("replacement of offsets " + firstOffset + " to " + endOffset + " of "
                    + id + " refused: expected the bounds of closed segments, at most " + Integer.MAX_VALUE
                    + " offsets");
        }
        if (!replacing.compareAndSet(false, true)) {
            throw new IllegalStateException("segments of " + id + " are being replaced already");
        }
        return new MemoryReplacement(this, partition, firstOffset, endOffset, () -> replacing.set(false));
    }

    @Override
    public LogOffsets offsets() {
        var seen = partition.view().offsets();
        return config.durability() == Durability.OS ? seen.withDurable(seen.end()) : seen;
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            partition.commit();
            engine.closed(this);
        }
    }

    void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
