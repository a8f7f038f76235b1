package io.thalweg.simulation.check;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A log that tells the ledger what it is asked to do. Owned by the scheduler. */
final class WatchedLog extends ForwardingLog {

    private final LogId id;
    private final int node;
    private final Ledger ledger;
    private final IndexCheck indexes;
    private boolean isClosed;

    /** How often something was taken away. */
    private int losses;

    WatchedLog(LogId id, SegmentedLog inner, int node, Ledger ledger, IndexCheck indexes) {
        super(inner);
        this.id = id;
        this.node = node;
        this.ledger = ledger;
        this.indexes = indexes;
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void append(List<Batch> batches) {
        super.append(batches);
        ledger.appended(
                node,
                id,
                batches.stream()
                        .map(batch -> ledger.note(
                                RecordBatch.at(batch.bytes(), batch.bytes().position())))
                        .toList());
        if (!ledger.isCompacted() && !ledger.isDamaged(id) && indexes.isDue()) {
            var lossesBefore = losses;
            indexes.ask(id, inner(), ledger.held(node, id), () -> !isClosed && losses == lossesBefore);
        }
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        losses++;
        ledger.cutBegan(node, id, endOffset);
        return super.truncateTo(endOffset).whenComplete((done, failure) -> {
            if (failure == null) {
                ledger.cutEnded(node, id);
            } else {
                ledger.cutFailed(node, id, offsets().end());
            }
        });
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        losses++;
        ledger.startMoved(node, id, startOffset);
        return super.advanceStart(startOffset);
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        ledger.journal().note("node " + node + " writes " + id + " anew from " + firstOffset + " to " + endOffset);
        return super.replace(firstOffset, endOffset);
    }

    @Override
    public void close() {
        isClosed = true;
        super.close();
    }
}
