package io.thalweg.broker.partition;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A log on a disk that keeps what was committed; everything is done at once. */
final class CrashLog implements PartitionLog, Checkpoints {

    private List<Batch> batches = new ArrayList<>();
    private long durable;

    @Override
    public void append(List<Batch> added) {
        for (var batch : added) {
            if (batch.baseOffset() < offsets().end()) {
                throw new IllegalArgumentException("offset " + batch.baseOffset() + " is taken");
            }
            var copy = ByteBuffer.allocate(batch.bytes().remaining())
                    .put(batch.bytes().duplicate())
                    .flip();
            batches.add(
                    new Batch(copy, batch.baseOffset(), batch.lastOffset(), batch.leaderEpoch(), batch.maxTimestamp()));
        }
    }

    List<Batch> batches() {
        return batches;
    }

    void commit() {
        durable = offsets().end();
    }

    void crash() {
        batches = new ArrayList<>(
                batches.stream().filter(batch -> batch.lastOffset() < durable).toList());
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        return CompletableFuture.completedFuture(LogSlice.of(
                batches.stream()
                        .filter(batch -> batch.lastOffset() >= from && batch.lastOffset() < upTo)
                        .map(batch -> batch.bytes().duplicate())
                        .toList(),
                () -> {}));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return CompletableFuture.completedFuture(OptionalLong.empty());
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        batches.removeIf(batch -> batch.lastOffset() >= endOffset);
        durable = Math.min(durable, offsets().end());
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        return CompletableFuture.failedFuture(new UnsupportedOperationException("no retention in this test"));
    }

    @Override
    public LogOffsets offsets() {
        var end = batches.isEmpty() ? 0 : batches.get(batches.size() - 1).lastOffset() + 1;
        return new LogOffsets(0, 0, end, durable, -1);
    }

    @Override
    public void close() {}

    @Override
    public CompletionStage<Void> save(Checkpoint checkpoint) {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
        return CompletableFuture.completedFuture(Optional.empty());
    }

    @Override
    public CompletionStage<Void> removeAbove(long offset) {
        return CompletableFuture.completedFuture(null);
    }
}
