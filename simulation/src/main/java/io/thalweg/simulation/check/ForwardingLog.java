package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** A log around another, which gets all calls that are not answered otherwise. Owned by the scheduler. */
class ForwardingLog implements SegmentedLog {

    private final SegmentedLog inner;

    ForwardingLog(SegmentedLog inner) {
        this.inner = inner;
    }

    final PartitionLog inner() {
        return inner;
    }

    @Override
    public void append(List<Batch> batches) {
        inner.append(batches);
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
        return inner.truncateTo(endOffset);
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
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
        return inner.replace(firstOffset, endOffset);
    }

    @Override
    public void close() {
        inner.close();
    }
}
