package io.thalweg.samples.onefile;

import io.thalweg.samples.onefile.LogContents.StoredBatch;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * An open log: writes entries to the journal, then replays them on its contents. Changed by one thread at a time, the owner of the
 * partition.
 */
final class OneFileLog implements PartitionLog {

    private final LogId id;
    private final LogContents contents;
    private final OneFileEngine engine;
    private volatile boolean closed;

    OneFileLog(LogId id, LogContents contents, OneFileEngine engine) {
        this.id = id;
        this.contents = contents;
        this.engine = engine;
    }

    LogId id() {
        return id;
    }

    LogContents.Mark mark() {
        return contents.mark();
    }

    @Override
    public void append(List<Batch> batches) {
        checkOpen();
        contents.offsets().appended(id, batches);
        engine.write(batches.stream().map(this::entry).toList(), contents);
    }

    private Entry entry(Batch batch) {
        return new Entry(
                Entry.Kind.BATCH, id, batch.baseOffset(), batch.lastOffset(), batch.maxTimestamp(), "", batch.bytes());
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        checkOpen();
        return contents.select(from, upTo, maxBytes)
                .map(selected ->
                        engine.read(selected.stream().map(StoredBatch::position).toList()))
                .orElseGet(() -> CompletableFuture.failedStage(outOfRange(from)));
    }

    private StorageException outOfRange(long offset) {
        var offsets = contents.offsets();
        return new StorageException.OutOfRange("read of " + id + " at offset " + offset + " refused: it holds "
                + offsets.start() + " up to " + offsets.end());
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        checkOpen();
        return CompletableFuture.completedStage(contents.find(timestamp));
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        return cut(Entry.Kind.TRUNCATE, endOffset);
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        return cut(Entry.Kind.START, startOffset);
    }

    private CompletionStage<Void> cut(Entry.Kind kind, long offset) {
        checkOpen();
        return engine.writeDurably(Entry.cut(kind, id, offset), contents);
    }

    @Override
    public LogOffsets offsets() {
        return contents.offsets();
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
