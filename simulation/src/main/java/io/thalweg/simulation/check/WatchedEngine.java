package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.Checkpoints;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine whose logs are watched. What a log holds when it is opened is read before anybody gets it. Owned by the scheduler. */
final class WatchedEngine implements SegmentedEngine, DirectoryOwner {

    private static final int CHUNK_BYTES = 1 << 20;

    private final SegmentedEngine inner;
    private final int node;
    private final Ledger ledger;
    private final Whims whims;
    private final Map<LogId, WatchedLog> open = new HashMap<>();

    WatchedEngine(SegmentedEngine inner, int node, Ledger ledger, Whims whims) {
        this.inner = inner;
        this.node = node;
        this.ledger = ledger;
        this.whims = whims;
    }

    @Override
    public List<LogId> logs() {
        return inner.logs();
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        var known = open.get(id);
        if (known != null && !known.isClosed()) {
            return CompletableFuture.completedStage(known);
        }
        return inner.open(id, config).thenCompose(log -> {
            if (id.topic().startsWith("__")) {
                // Compacted, and written by the brokers themselves: what is promised of it shows in what it is for.
                return CompletableFuture.completedStage(log);
            }
            List<BatchNote> found = new ArrayList<>();
            return readOn(log, log.offsets().start(), found).thenApply(done -> {
                ledger.opened(
                        node,
                        id,
                        found,
                        log.offsets().start(),
                        () -> log.offsets().durable());
                var watched = new WatchedLog(id, (SegmentedLog) log, node, ledger, whims);
                open.put(id, watched);
                return watched;
            });
        });
    }

    private CompletionStage<Void> readOn(PartitionLog log, long from, List<BatchNote> found) {
        if (from >= log.offsets().end()) {
            return CompletableFuture.completedStage(null);
        }
        return log.read(from, log.offsets().end(), CHUNK_BYTES).thenCompose(slice -> {
            if (slice.sizeInBytes() == 0) {
                slice.close();
                return CompletableFuture.completedStage(null);
            }
            var next = from;
            for (var batch : RecordBatches.in(bytes(slice))) {
                found.add(ledger.note(batch));
                next = batch.nextOffset();
            }
            return readOn(log, next, found);
        });
    }

    private static ByteBuffer bytes(LogSlice slice) {
        try {
            return slice.toBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void configure(LogId id, LogConfig config) {
        inner.configure(id, config);
    }

    @Override
    public CompletionStage<Void> commit(Collection<PartitionLog> logs) {
        return inner.commit(logs.stream().map(WatchedEngine::innerOf).toList());
    }

    private static PartitionLog innerOf(PartitionLog log) {
        return log instanceof WatchedLog watched ? watched.inner() : log;
    }

    @Override
    public Checkpoints checkpoints(LogId id) {
        return inner.checkpoints(id);
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        open.remove(id);
        if (!id.topic().startsWith("__")) {
            ledger.deleted(node, id);
        }
        return inner.delete(id);
    }

    @Override
    public List<UUID> directoryIds() {
        return ((DirectoryOwner) inner).directoryIds();
    }

    @Override
    public List<UUID> failedDirectoryIds() {
        return ((DirectoryOwner) inner).failedDirectoryIds();
    }

    @Override
    public void close() {
        inner.close();
    }
}
