package io.thalweg.tck.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** A log as a list of batches, simple enough to be right by looking at it. */
final class LogModel {

    private final List<SampleBatch> batches = new ArrayList<>();
    private long start;
    private long end;

    long start() {
        return start;
    }

    long end() {
        return end;
    }

    void append(List<SampleBatch> added) {
        batches.addAll(added);
        end = added.get(added.size() - 1).lastOffset() + 1;
    }

    void truncateTo(long endOffset) {
        if (endOffset >= end) {
            return;
        }
        var removed = batches.stream()
                .filter(batch -> batch.lastOffset() >= endOffset)
                .findFirst();
        batches.removeIf(batch -> batch.lastOffset() >= endOffset);
        if (endOffset < start) {
            batches.clear();
            start = endOffset;
            end = endOffset;
        } else {
            var newEnd = removed.map(SampleBatch::baseOffset).orElse(endOffset);
            end = Math.min(endOffset, Math.max(start, newEnd));
        }
    }

    void advanceStart(long startOffset) {
        if (startOffset > start) {
            start = startOffset;
            end = Math.max(end, start);
            batches.removeIf(batch -> batch.lastOffset() < start);
        }
    }

    /** Puts batches in the place of those that begin in a range. */
    void replace(long firstOffset, long endOffset, List<SampleBatch> kept) {
        batches.removeIf(
                batch -> batch.baseOffset() >= firstOffset && batch.lastOffset() < endOffset && !kept.contains(batch));
    }

    List<SampleBatch> read(long from, long upTo) {
        return batches.stream()
                .filter(batch -> batch.lastOffset() >= from && batch.lastOffset() < upTo)
                .toList();
    }

    OptionalLong find(long timestamp) {
        return batches.stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .mapToLong(batch -> Math.max(start, batch.baseOffset()))
                .findFirst();
    }
}
