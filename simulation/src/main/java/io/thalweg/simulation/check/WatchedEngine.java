package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogConfig;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An engine whose logs are watched. What a log holds when it is opened is read before anybody gets it. Owned by the scheduler. */
final class WatchedEngine extends ForwardingEngine {

    private static final int CHUNK_BYTES = 1 << 20;

    private final int node;
    private final Ledger ledger;
    private final IndexCheck indexes;
    private final Map<LogId, WatchedLog> open = new HashMap<>();

    WatchedEngine(SegmentedEngine inner, int node, Ledger ledger, IndexCheck indexes) {
        super(inner);
        this.node = node;
        this.ledger = ledger;
        this.indexes = indexes;
    }

    @Override
    public CompletionStage<PartitionLog> open(LogId id, LogConfig config) {
        var known = open.get(id);
        if (known != null && !known.isClosed()) {
            return CompletableFuture.completedStage(known);
        }
        return super.open(id, config).thenCompose(log -> {
            if (id.topic().startsWith("__")) {
                // Compacted, and written by the brokers themselves: what is promised of it shows in what it is for.
                return CompletableFuture.completedStage(log);
            }
            List<BatchNote> found = new ArrayList<>();
            return readOn(id, log, log.offsets().start(), found)
                    .thenCompose(done -> indexes.ask(id, log, ledger.isDamaged(id) ? List.of() : found, () -> true))
                    .thenApply(done -> watch(id, log, found));
        });
    }

    private PartitionLog watch(LogId id, PartitionLog log, List<BatchNote> found) {
        ledger.opened(
                node, id, found, log.offsets().start(), () -> log.offsets().durable());
        var watched = new WatchedLog(id, (SegmentedLog) log, node, ledger, indexes);
        open.put(id, watched);
        return watched;
    }

    private CompletionStage<Void> readOn(LogId id, PartitionLog log, long from, List<BatchNote> found) {
        if (from >= log.offsets().end()) {
            return CompletableFuture.completedStage(null);
        }
        return log.read(from, log.offsets().end(), CHUNK_BYTES)
                .handle((slice, failure) ->
                        failure == null ? take(id, log, slice, found) : pastDamage(id, log, from, found, failure))
                .thenCompose(rest -> rest);
    }

    private CompletionStage<Void> take(LogId id, PartitionLog log, LogSlice slice, List<BatchNote> found) {
        if (slice.sizeInBytes() == 0) {
            slice.close();
            return CompletableFuture.completedStage(null);
        }
        var next = 0L;
        for (var batch : RecordBatches.in(bytes(slice))) {
            found.add(ledger.note(batch));
            next = batch.nextOffset();
        }
        return readOn(id, log, next, found);
    }

    /** What is damaged nobody gets, and what lies behind it everybody. */
    private CompletionStage<Void> pastDamage(
            LogId id, PartitionLog log, long from, List<BatchNote> found, Throwable failure) {
        var isDamage =
                failure instanceof StorageException.Corrupt || failure.getCause() instanceof StorageException.Corrupt;
        var end = isDamage ? ledger.endOfDamage(node, id).orElse(from) : from;
        return end > from ? readOn(id, log, end, found) : CompletableFuture.failedStage(failure);
    }

    private static ByteBuffer bytes(LogSlice slice) {
        try {
            return slice.toBuffer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public CompletionStage<Void> delete(LogId id) {
        open.remove(id);
        if (!id.topic().startsWith("__")) {
            ledger.deleted(node, id);
        }
        return super.delete(id);
    }
}
