package io.thalweg.memory.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** Copies of batches that wait to take the place of closed segments. One thread at a time. */
final class MemoryReplacement implements SegmentedLog.Replacement {

    private final MemoryLog log;
    private final MemoryPartition partition;
    private final long firstOffset;
    private final long endOffset;
    private final Runnable release;
    private final int truncations;
    private final List<Batch> copies = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private long nextOffset;

    MemoryReplacement(MemoryLog log, MemoryPartition partition, long firstOffset, long endOffset, Runnable release) {
        this.log = log;
        this.partition = partition;
        this.firstOffset = firstOffset;
        this.endOffset = endOffset;
        this.release = release;
        this.truncations = partition.truncations();
        this.nextOffset = firstOffset;
    }

    @Override
    public CompletionStage<Void> append(List<Batch> batches) {
        checkOpen();
        var next = nextOffset;
        for (var batch : batches) {
            if (batch.baseOffset() < next || batch.lastOffset() >= endOffset) {
                throw new IllegalArgumentException("replacement batch of " + log.id() + " with offsets "
                        + batch.baseOffset() + " to " + batch.lastOffset() + " refused: expected some from "
                        + next + " to below " + endOffset);
            }
            next = batch.lastOffset() + 1;
        }
        nextOffset = next;
        for (var batch : batches) {
            copies.add(batch.copy());
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<Void> finish() {
        checkOpen();
        try {
            partition.replace(firstOffset, endOffset, copies, truncations);
            return CompletableFuture.completedStage(null);
        } catch (StorageException e) {
            return CompletableFuture.failedStage(e);
        } finally {
            close();
        }
    }

    private void checkOpen() {
        log.checkOpen();
        if (closed.get()) {
            throw new IllegalStateException("replacement of segments of " + log.id() + " is closed");
        }
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            copies.clear();
            release.run();
        }
    }
}
