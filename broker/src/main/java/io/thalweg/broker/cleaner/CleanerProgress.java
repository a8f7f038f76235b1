package io.thalweg.broker.cleaner;

import io.thalweg.spi.storage.LogOffsets;

/**
 * How far the cleaning of a log has come.
 *
 * <p>A cleaning that is under way has learned the keys from {@code cleanedUpTo} to below {@code knownEnd} and takes out what these make
 * out of date, from the start on. Where it is stopped, another one learns the same keys and goes on at {@code rewrittenUpTo}: below that
 * there is nothing left for them to take.
 *
 * @param cleanedUpTo the mark: below it no key has two records
 * @param knownEnd where the keys end that the cleaning under way knows; the mark, if none is
 * @param rewrittenUpTo where the segments begin that it has not gone over; 0, if none is
 */
record CleanerProgress(long cleanedUpTo, long knownEnd, long rewrittenUpTo) {

    /** No cleaning is under way. */
    static CleanerProgress at(long mark) {
        return new CleanerProgress(mark, mark, 0);
    }

    boolean isUnderWay() {
        return knownEnd > cleanedUpTo;
    }

    /** The same where another cleaning has come further meanwhile: fewer keys are left to take from what was not gone over. */
    CleanerProgress above(long mark) {
        return new CleanerProgress(Math.max(mark, cleanedUpTo), knownEnd, rewrittenUpTo);
    }

    /** What of it is about batches that the log has. */
    CleanerProgress in(LogOffsets offsets) {
        if (cleanedUpTo > offsets.end()) {
            return at(offsets.start());
        }
        var mark = Math.max(offsets.start(), cleanedUpTo);
        return knownEnd > mark && knownEnd <= offsets.end()
                ? new CleanerProgress(mark, knownEnd, rewrittenUpTo)
                : at(mark);
    }
}
