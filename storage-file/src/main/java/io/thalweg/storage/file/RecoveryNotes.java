package io.thalweg.storage.file;

import io.thalweg.spi.storage.LogId;
import org.jspecify.annotations.Nullable;

/** What the recovery points and the manifest of a directory say of one log. Guarded by whoever has it. */
final class RecoveryNotes {

    private final String name;
    private final LogDirectory directory;

    /** Segments that are about to be replaced, or null. */
    private LogFiles.@Nullable Range replacing;

    RecoveryNotes(LogId id, LogDirectory directory) {
        this.name = id.toString();
        this.directory = directory;
    }

    /**
     * Puts into the recovery points up to where batches and indexes are durable, and into the manifest the segments below; whether that
     * says anything new. Recovery points that were true stay true: only a truncation goes back.
     *
     * @param seen not older than the end
     * @param ownEnd up to where the log's own files are durable
     */
    boolean note(LogView seen, long ownEnd) {
        var point = recoveryPoint(ownEnd, seen);
        var isNew = noteSegments(seen, point);
        if (directory.recoveryPoints().offset(name) < point) {
            directory.recoveryPoints().put(name, point);
            isNew = true;
        }
        return isNew;
    }

    /** A segment that is the last one there may have been closed since the end was read. */
    private static long recoveryPoint(long ownEnd, LogView seen) {
        for (var segment : seen.segments().subList(0, Math.max(0, seen.count() - 1))) {
            if (!segment.hasDurableIndexes()) {
                return Math.min(ownEnd, segment.baseOffset());
            }
        }
        return ownEnd;
    }

    private boolean noteSegments(LogView seen, long point) {
        if (seen.count() == 0) {
            // The first segment to come may begin after a gap.
            return directory.manifest().reduce(name, chain -> null);
        }
        var known = directory.manifest().chain(name);
        if (replacing == null && known.isPresent() && known.get().isOf(seen, point)) {
            return false;
        }
        var chain = SegmentChain.of(seen, point);
        return directory.manifest().put(name, replacing == null ? chain : chain.without(replacing));
    }

    /** The segments in a range are about to be replaced, which the manifest says as soon as it is written. */
    void replacing(LogFiles.Range range) {
        replacing = range;
        directory.manifest().reduce(name, chain -> chain.without(range));
    }

    /** They were replaced, or were not. */
    void replaced() {
        replacing = null;
    }
}
