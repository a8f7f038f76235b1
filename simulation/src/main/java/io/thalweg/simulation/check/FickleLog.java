package io.thalweg.simulation.check;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.SegmentedLog;
import io.thalweg.spi.storage.StorageException;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** A log with whims. Owned by the scheduler. */
final class FickleLog extends ForwardingLog {

    private final LogId id;
    private final String name;
    private final Whims whims;
    private final PluginFaults faults;

    /** Whether a commit of it has failed. */
    private boolean isLost;

    FickleLog(LogId id, SegmentedLog inner, Whims whims, PluginFaults faults) {
        super(inner);
        this.id = id;
        this.name = id.toString();
        this.whims = whims;
        this.faults = faults;
    }

    boolean isLost() {
        return isLost;
    }

    void lose() {
        isLost = true;
    }

    StorageException offline() {
        return PluginFaults.offline(name);
    }

    @Override
    public void append(List<Batch> batches) {
        if (isLost) {
            throw offline();
        }
        whims.mayRefuse(id);
        faults.run(name, () -> super.append(batches));
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        return whims.question(id, () -> faults.ask(name, () -> super.read(from, upTo, whims.limit(maxBytes))));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return whims.question(id, () -> faults.ask(name, () -> super.find(timestamp)));
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        return whims.change(id, () -> faults.tell(name, () -> super.truncateTo(endOffset)));
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        return whims.change(id, () -> faults.tell(name, () -> super.advanceStart(startOffset)));
    }

    @Override
    public void roll() {
        whims.mayRefuse(id);
        faults.run(name, super::roll);
    }

    @Override
    public Replacement replace(long firstOffset, long endOffset) {
        faults.mayThrow(name);
        return super.replace(firstOffset, endOffset);
    }

    @Override
    public String toString() {
        return name;
    }
}
