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
        checkOffsets(batches);
        engine.checkRoomFor(batches);
        partition.append(batches.stream().map(MemoryLog::copy).toList(), config, engine.nowMillis());
    }

    private void checkOffsets(List<Batch> batches) {
        var end = partition.view().end();
        for (var batch : batches) {
            if (batch.baseOffset() < end) {
                throw new IllegalArgumentException("append to " + id + " at offset " + batch.baseOffset()
                        + " refused: the log ends at " + end + " there");
            }
            end = batch.lastOffset() + 1;
        }
    }

    static Batch copy(Batch batch) {
        var bytes = ByteBuffer.allocate(batch.bytes().remaining())
                .put(batch.bytes().duplicate())
                .flip();
        return new Batch(bytes, batch.baseOffset(), batch.lastOffset(), batch.leaderEpoch(), batch.maxTimestamp());
    }

    void commit() {
        partition.commit();
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        var view = partition.view();
        if (from < view.start() || from > view.end()) {
            return CompletableFuture.failedStage(new StorageException.OutOfRange("read of " + id + " at offset " + from
                    + " refused: it holds " + view.start() + " up to " + view.end()));
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
        return config.durability() == Durability.OS
                ? new LogOffsets(seen.start(), seen.localStart(), seen.end(), seen.end(), seen.maxTimestamp())
                : seen;
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
