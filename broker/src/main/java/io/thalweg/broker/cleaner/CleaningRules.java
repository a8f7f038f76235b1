package io.thalweg.broker.cleaner;

import java.util.Map;

/**
 * What one cleaning goes by.
 *
 * @param offsets the last offset of each key below {@code knownEnd}
 * @param knownEnd what lies at or above it is not known and stays
 * @param nowMillis when the cleaning began, epoch milliseconds
 * @param deleteRetentionMillis how long tombstones stay once everything they delete is gone
 * @param producerOffsets the last offset of each producer that is remembered
 */
record CleaningRules(
        OffsetMap offsets,
        long knownEnd,
        long nowMillis,
        long deleteRetentionMillis,
        Map<Long, Long> producerOffsets) {}
