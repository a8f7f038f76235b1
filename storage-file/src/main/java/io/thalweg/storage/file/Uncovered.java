package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import java.util.List;

/**
 * What of a log is neither durable in its own files nor in the journal, at one moment.
 *
 * @param log to be told when it is
 * @param id of the log
 * @param ranges the bytes, oldest first
 * @param end where the log ended
 * @param truncations how often the log was cut by then
 */
record Uncovered(LogSync log, LogId id, List<Range> ranges, long end, long truncations) {

    /** For a topic with the longest name. */
    static final int MAX_ENTRY_OVERHEAD = JournalEntry.overheadOf(249);

    /** Bytes of a segment. */
    record Range(Segment segment, int from, int to) {}

    /** The room that the entries take up if no block ends among them. */
    long journalBytes() {
        var size = 0L;
        for (var range : ranges) {
            size += range.to() - range.from() + JournalEntry.overhead(id);
        }
        return size;
    }

    /** It is durable now. */
    void covered() {
        ranges.forEach(range -> range.segment().covered(range.to()));
        log.raiseInJournal(end, truncations);
    }
}
