package io.thalweg.simulation.check;

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

/** A log with whims. Owned by the scheduler. */
final class FickleLog implements SegmentedLog {

    private final LogId id;
    private final SegmentedLog inner;
    private final Whims whims;

    FickleLog(LogId id, SegmentedLog inner, Whims whims) {
        this.id = id;
        this.inner = inner;
        this.whims = whims;
    }

    PartitionLog inner() {
        return inner;
    }

    @Override
    public void append(List<Batch> batches) {
        whims.mayRefuse(id);
        inner.append(batches);
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        return whims.question(id, () -> inner.read(from, upTo, whims.limit(maxBytes)));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return whims.question(id, () -> inner.find(timestamp));
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        return whims.change(id, () -> inner.truncateTo(endOffset));
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        return whims.change(id, () -> inner.advanceStart(startOffset));
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
        whims.mayRefuse(id);
        inner.roll();
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        return inner.replace(firstOffset, endOffset);
    }

    @Override
    public void close() {
        inner.close();
    }
}
