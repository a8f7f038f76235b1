package io.thalweg.coordinator.local;

import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Reads what the log holds: its newest snapshot and every entry after it. Confined to one opening; the steps run one after the other.
 *
 * <p>The log must go on where the snapshot ends. A hole means that what lay in it is lost, and nothing after it can be used.
 */
final class Recovery {

    private static final int CHUNK_BYTES = 1 << 20;

    private final StorageEngine engine;
    private final PartitionLog log;
    private final long logEnd;
    private final List<Entry> entries = new ArrayList<>();
    private @Nullable Snapshot snapshot;
    private long endOffset;
    private int lastEpoch = -1;

    Recovery(StorageEngine engine, PartitionLog log) {
        this.engine = engine;
        this.log = log;
        this.logEnd = log.offsets().end();
    }

    Optional<Snapshot> snapshot() {
        return Optional.ofNullable(snapshot);
    }

    List<Entry> entries() {
        return entries;
    }

    /** The offset after all there is. */
    long endOffset() {
        return endOffset;
    }

    /** The greatest leader epoch there is; -1 if nothing is. */
    int lastEpoch() {
        return lastEpoch;
    }

    /** Completes with this once everything is read. What the last process had not synced is synced first, because it counts from now on. */
    CompletionStage<Recovery> run() {
        return engine.commit(List.of(log))
                .thenCompose(done -> latestSnapshot())
                .thenCompose(this::readEntries)
                .thenApply(done -> this);
    }

    private CompletionStage<Optional<Checkpoint>> latestSnapshot() {
        var isCreated = logEnd > 0 || engine.logs().contains(LocalMetadataLog.ID);
        return isCreated
                ? engine.checkpoints(LocalMetadataLog.ID).latest(Snapshot.NAME, Long.MAX_VALUE)
                : CompletableFuture.completedStage(Optional.empty());
    }

    private CompletionStage<Void> readEntries(Optional<Checkpoint> checkpoint) {
        checkpoint.ifPresent(found -> {
            var latest = Snapshot.fromCheckpoint(found);
            snapshot = latest;
            endOffset = latest.endOffset();
            lastEpoch = latest.epoch();
        });
        if (log.offsets().start() > endOffset) {
            throw new StorageException.Corrupt(
                    "metadata log begins at offset " + log.offsets().start() + ", its snapshot ends at " + endOffset
                            + ": what lay between is lost",
                    null);
        }
        return readOn();
    }

    private CompletionStage<Void> readOn() {
        if (endOffset >= logEnd) {
            return CompletableFuture.completedStage(null);
        }
        return log.read(endOffset, logEnd, CHUNK_BYTES).thenCompose(slice -> {
            take(slice);
            return readOn();
        });
    }

    private void take(LogSlice slice) {
        long from = endOffset;
        for (var batch : RecordBatches.in(copyOf(slice))) {
            if (batch.baseOffset() != endOffset) {
                throw new StorageException.Corrupt(
                        "metadata log has an entry at offset " + batch.baseOffset() + "; expected one at " + endOffset,
                        null);
            }
            var entry = Entry.fromBatch(batch);
            entries.add(entry);
            endOffset = batch.nextOffset();
            lastEpoch = Math.max(lastEpoch, entry.epoch());
        }
        if (endOffset == from) {
            throw new StorageException.Corrupt(
                    "metadata log ends at offset " + logEnd + " but has no entry at " + from, null);
        }
    }

    private static ByteBuffer copyOf(LogSlice slice) {
        try {
            return slice.toBuffer();
        } catch (IOException e) {
            throw new StorageException.Corrupt("metadata log cannot be read", e);
        }
    }
}
