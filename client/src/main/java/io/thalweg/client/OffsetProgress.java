package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.ArrayDeque;

/**
 * How far the records of one partition are done, for one time that it is owned. Under the lock of its {@link KeyedProcessing}.
 *
 * <p>Records are done in any order; what may be committed is the offset of the first that is not.
 */
final class OffsetProgress {

    private final TopicPartition partition;
    private final int tenure;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private long committable;
    private long committed;
    private int runningCount;
    private boolean isGivenUp;

    OffsetProgress(TopicPartition partition, int tenure, long start) {
        this.partition = partition;
        this.tenure = tenure;
        this.committable = start;
        this.committed = start;
    }

    /** One record under way. */
    static final class Entry {
        private final long nextOffset;
        private boolean isDone;

        private Entry(long nextOffset) {
            this.nextOffset = nextOffset;
        }
    }

    TopicPartition partition() {
        return partition;
    }

    /** Which of the times that the partition is owned this is. */
    int tenure() {
        return tenure;
    }

    Entry add(long offset) {
        var entry = new Entry(offset + 1);
        entries.add(entry);
        return entry;
    }

    /** What lies between the last record and this offset is not shown to anybody. */
    void skipTo(long nextOffset) {
        var last = entries.peekLast();
        if (nextOffset > (last == null ? committable : last.nextOffset)) {
            var gap = new Entry(nextOffset);
            entries.add(gap);
            done(gap);
        }
    }

    void done(Entry entry) {
        entry.isDone = true;
        for (var first = entries.peek(); first != null && first.isDone; first = entries.peek()) {
            committable = first.nextOffset;
            entries.remove();
        }
    }

    void began() {
        runningCount++;
    }

    void ended() {
        runningCount--;
    }

    boolean isQuiet() {
        return runningCount == 0;
    }

    /** Nothing of it is begun any more; what runs may end. */
    void giveUp() {
        isGivenUp = true;
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    boolean hasUncommitted() {
        return committable != committed;
    }

    /** The offset of the first record that is not done, or of the next to be read. */
    long committable() {
        return committable;
    }

    void committed(long offset) {
        committed = offset;
    }
}
