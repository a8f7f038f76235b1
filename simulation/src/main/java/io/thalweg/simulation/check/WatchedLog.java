package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** A log that tells the ledger what it is asked to do. Owned by the scheduler. */
final class WatchedLog implements SegmentedLog {

    private final LogId id;
    private final SegmentedLog inner;
    private final int node;
    private final Ledger ledger;
    private final IndexCheck indexes;
    private boolean isClosed;

    /** How often something was taken away. */
    private int losses;

    WatchedLog(LogId id, SegmentedLog inner, int node, Ledger ledger, IndexCheck indexes) {
        this.id = id;
        this.inner = inner;
        this.node = node;
        this.ledger = ledger;
        this.indexes = indexes;
    }

    PartitionLog inner() {
        return inner;
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void append(List<Batch> batches) {
        inner.append(batches);
        ledger.appended(
                node,
                id,
                batches.stream()
                        .map(batch -> ledger.note(
                                RecordBatch.at(batch.bytes(), batch.bytes().position())))
                        .toList());
        if (!ledger.isCompacted() && !ledger.isDamaged(id) && indexes.isDue()) {
            var lossesBefore = losses;
            indexes.ask(id, inner, ledger.held(node, id), () -> !isClosed && losses == lossesBefore);
        }
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        return inner.read(from, upTo, maxBytes);
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return inner.find(timestamp);
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        losses++;
        ledger.cutBegan(node, id, endOffset);
        return inner.truncateTo(endOffset).whenComplete((done, failure) -> {
            if (failure == null) {
                ledger.cutEnded(node, id);
            } else {
                ledger.cutFailed(node, id, inner.offsets().end());
            }
        });
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        losses++;
        ledger.startMoved(node, id, startOffset);
        return inner.advanceStart(startOffset);
    }

    @Override
    public LogOffsets offsets() {
        return inner.offsets();
    }

    @Override
    public List<LogSegment> segments() {
        return inner.segments();
    }

    @Override
    public void roll() {
        inner.roll();
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        ledger.journal().note("node " + node + " writes " + id + " anew from " + firstOffset + " to " + endOffset);
        return inner.replace(firstOffset, endOffset);
    }

    @Override
    public void close() {
        isClosed = true;
        inner.close();
    }
}
