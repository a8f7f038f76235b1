package io.thalweg.coordinator.ratis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a member knows to be committed: a snapshot and the entries after it. Kept in memory for a listener that subscribes later and for
 * observers that ask; snapshots keep it short. Owned by who holds the feed's lock.
 */
final class History {

    private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
    private @Nullable Snapshot snapshot;
    private long endOffset;

    /** The offset after the last entry of any kind; those of the quorum itself are not kept, but count. */
    long endOffset() {
        return endOffset;
    }

    void append(LogEntry entry) {
        entries.add(entry);
        endOffset = entry.offset() + 1;
    }

    /** Everything below is known. */
    void advanceTo(long newEndOffset) {
        endOffset = Math.max(endOffset, newEndOffset);
    }

    /** Nothing counts but this snapshot. */
    void restart(Snapshot installed) {
        entries.clear();
        snapshot = installed;
        endOffset = installed.endOffset();
    }

    /** Lets go of what a snapshot stands for. */
    void keep(Snapshot newest) {
        snapshot = newest;
        while (!entries.isEmpty() && entries.getFirst().offset() < newest.endOffset()) {
            entries.removeFirst();
        }
    }

    /** Lets go of everything but the end. */
    void clear() {
        entries.clear();
        snapshot = null;
    }

    /** The last entry below an offset, if it is still kept. */
    Optional<LogEntry> lastBelow(long offset) {
        return entries.stream().filter(entry -> entry.offset() < offset).reduce((older, newer) -> newer);
    }

    /** The snapshot that one who has heard everything below an offset has to be told first, if there is one. */
    Optional<Snapshot> snapshotFor(long offset) {
        return Optional.ofNullable(snapshot).filter(kept -> offset < kept.endOffset());
    }

    /** The entries from an offset on, as many as there are room for, one at least if there is any. */
    List<LogEntry> entriesFrom(long offset, long maxBytes) {
        var found = new ArrayList<LogEntry>();
        var bytes = 0L;
        for (var entry : entries) {
            if (entry.offset() < offset) {
                continue;
            }
            bytes += entry.bytes();
            if (bytes > maxBytes && !found.isEmpty()) {
                break;
            }
            found.add(entry);
        }
        return found;
    }

    /** Everything below is known to one who has been told these, which begin where it stood. */
    long endOffsetAfter(List<LogEntry> told) {
        if (told.isEmpty()) {
            return endOffset;
        }
        var last = told.get(told.size() - 1);
        return last.equals(entries.peekLast()) ? endOffset : last.offset() + 1;
    }
}
