package io.thalweg.storage.file;

/**
 * Which bytes of a segment are known to be what was appended, in this life of the engine: those appended in it, and one stretch that
 * reads have checked. Any thread.
 */
final class CheckedRange {

    private final int appendedFrom;
    private volatile Range read = new Range(0, 0);

    /** Everything from the position on was appended, or checked in recovery. */
    CheckedRange(int appendedFrom) {
        this.appendedFrom = appendedFrom;
    }

    boolean covers(int from, int to) {
        var known = read;
        if (from >= known.from && from < known.to) {
            return to <= known.to || known.to >= appendedFrom;
        }
        return from >= appendedFrom;
    }

    /** Notes a range that was checked; it is forgotten if it does not touch the one known, and that one is larger. */
    void add(int from, int to) {
        var known = read;
        if (from <= known.to && to >= known.from) {
            read = new Range(Math.min(from, known.from), Math.max(to, known.to));
        } else if (to - from > known.to - known.from) {
            read = new Range(from, to);
        }
    }

    private record Range(int from, int to) {}
}
