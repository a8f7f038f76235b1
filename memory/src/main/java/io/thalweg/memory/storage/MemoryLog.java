package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Durability;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An open log on the heap: copies what is appended, answers everything at once.
 *
 * <p>Changed by one thread at a time, the owner of the partition; readers take the partition's view of the moment.
 */
final class MemoryLog implements PartitionLog {

    private final LogId id;
    private final MemoryPartition partition;
    private final MemoryEngine engine;
    private volatile Durability durability;
    private volatile boolean closed;

    MemoryLog(LogId id, LogConfig config, MemoryPartition partition, MemoryEngine engine) {
        this.id = id;
        this.durability = config.durability();
        this.partition = partition;
        this.engine = engine;
    }

    LogId id() {
        return id;
    }

    void configure(LogConfig config) {
        durability = config.durability();
    }

    @Override
    public void append(List<Batch> batches) {
        checkOpen();
        if (batches.isEmpty()) {
            return;
        }
        checkOffsets(batches);
        engine.checkRoomFor(batches);
        partition.append(batches.stream().map(MemoryLog::copy).toList());
        if (durability == Durability.OS) {
            partition.commit();
        }
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

    private static Batch copy(Batch batch) {
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
        partition.shrink(view -> view.truncateTo(endOffset));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        checkOpen();
        partition.shrink(view -> view.advanceStart(startOffset));
        return CompletableFuture.completedStage(null);
    }

    @Override
    public LogOffsets offsets() {
        return partition.view().offsets();
    }

    @Override
    public void close() {
        closed = true;
        engine.closed(this);
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("log " + id + " is closed");
        }
    }
}
