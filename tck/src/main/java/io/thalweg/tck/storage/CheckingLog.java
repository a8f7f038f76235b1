package io.thalweg.tck.storage;

import io.thalweg.spi.storage.Batch;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.LogOffsets;
import io.thalweg.spi.storage.LogSegment;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import io.thalweg.spi.storage.SegmentedLog;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A log that notes what is called against its contract, and does it all the same. Any thread. */
class CheckingLog implements PartitionLog {

    private final LogId id;
    private final PartitionLog inner;
    private final Misuse misuse;

    /** Who is in a call that belongs to the owner. */
    private final AtomicReference<@Nullable Thread> owner = new AtomicReference<>();

    private final LentBatches lent = new LentBatches();
    private volatile boolean isClosed;

    /** Whether neither a truncation nor a move of the start past the end is under way. */
    private volatile boolean isSettled = true;

    private CheckingLog(LogId id, PartitionLog inner, Misuse misuse) {
        this.id = id;
        this.inner = inner;
        this.misuse = misuse;
    }

    /** Around a log with segments or without. */
    static CheckingLog around(LogId id, PartitionLog inner, Misuse misuse) {
        return inner instanceof SegmentedLog segmented
                ? new OfSegments(id, segmented, misuse)
                : new CheckingLog(id, inner, misuse);
    }

    private static final class OfSegments extends CheckingLog implements SegmentedLog {

        private final SegmentedLog segmented;

        OfSegments(LogId id, SegmentedLog segmented, Misuse misuse) {
            super(id, segmented, misuse);
            this.segmented = segmented;
        }

        @Override
        public List<LogSegment> segments() {
            return segmented.segments();
        }

        @Override
        public void roll() {
            super.owned("roll", () -> {
                segmented.roll();
                return true;
            });
        }

        @Override
        public Replacement replace(long firstOffset, long endOffset) {
            return segmented.replace(firstOffset, endOffset);
        }
    }

    PartitionLog inner() {
        return inner;
    }

    boolean isClosed() {
        return isClosed;
    }

    @Override
    public void append(List<Batch> batches) {
        owned("append", () -> {
            checkOrder(batches);
            inner.append(batches);
            lent.add(batches);
            return true;
        });
    }

    /** What to do when a commit that begins now completes. */
    Runnable committing() {
        var covered = lent.taken();
        return () -> {
            for (var offset : LentBatches.changed(covered)) {
                misuse.note(
                        "LOG-3: the memory of batch " + offset + " of " + id + " was changed before it was committed");
            }
        };
    }

    private void checkOrder(List<Batch> batches) {
        var end = inner.offsets().end();
        for (var batch : batches) {
            if (batch.baseOffset() < end) {
                misuse.note("LOG-9: append to " + id + " at " + batch.baseOffset() + ": the log ends at " + end);
            }
            end = batch.lastOffset() + 1;
        }
    }

    /** A call that only one thread at a time may make, and none after the close. */
    private <T> T owned(String call, Supplier<T> then) {
        used(call);
        if (!isSettled) {
            misuse.note("LOG-7: " + call + " of " + id + " before an earlier truncation or start has completed");
        }
        var other = owner.getAndSet(Thread.currentThread());
        if (other != null && other != Thread.currentThread()) {
            misuse.note("LOG-1: " + call + " of " + id + " while " + other.getName() + " is in another call");
        }
        try {
            return then.get();
        } finally {
            owner.set(other);
        }
    }

    private void used(String call) {
        if (isClosed) {
            misuse.note("LOG-12: " + call + " of " + id + " after its close");
        }
    }

    @Override
    public CompletionStage<LogSlice> read(long from, long upTo, int maxBytes) {
        if (from < 0 || upTo < from) {
            misuse.note("read of " + id + " from " + from + " up to " + upTo);
        }
        return inner.read(from, upTo, maxBytes).thenApply(slice -> misuse.given(slice, id + " at offset " + from));
    }

    @Override
    public CompletionStage<OptionalLong> find(long timestamp) {
        return inner.find(timestamp);
    }

    @Override
    public CompletionStage<Void> truncateTo(long endOffset) {
        if (endOffset < 0) {
            misuse.note("truncation of " + id + " to " + endOffset);
        }
        return owned("truncation", () -> settling(() -> inner.truncateTo(endOffset)));
    }

    @Override
    public CompletionStage<Void> advanceStart(long startOffset) {
        if (startOffset < 0) {
            misuse.note("start advance of " + id + " to " + startOffset);
        }
        var isPastEnd = startOffset > inner.offsets().end();
        return owned(
                "start advance",
                () -> isPastEnd ? settling(() -> inner.advanceStart(startOffset)) : inner.advanceStart(startOffset));
    }

    private CompletionStage<Void> settling(Supplier<CompletionStage<Void>> change) {
        var changed = change.get();
        isSettled = false;
        var done = new CompletableFuture<Void>();
        changed.whenComplete((nothing, failure) -> {
            isSettled = true;
            CheckingEngine.complete(done, failure);
        });
        return done;
    }

    @Override
    public LogOffsets offsets() {
        return inner.offsets();
    }

    @Override
    public void close() {
        isClosed = true;
        inner.close();
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
