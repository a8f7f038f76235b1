package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** A log with whims. Owned by the scheduler. */
final class FickleLog extends ForwardingLog {

    private final LogId id;
    private final Whims whims;

    FickleLog(LogId id, SegmentedLog inner, Whims whims) {
        super(inner);
        this.id = id;
        this.whims = whims;
    }

    @Override
    public void append(List<Batch> batches) {
        whims.mayRefuse(id);
        super.append(batches);
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        return whims.question(id, () -> super.read(from, upTo, whims.limit(maxBytes)));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return whims.question(id, () -> super.find(timestamp));
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        return whims.change(id, () -> super.truncateTo(endOffset));
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        return whims.change(id, () -> super.advanceStart(startOffset));
    }

    @Override
    public void roll() {
        whims.mayRefuse(id);
        super.roll();
    }
}
