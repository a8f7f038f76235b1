package io.thalweg.broker.cleaner;

import java.util.Set;

/**
 * What one cleaning goes by.
 *
 * @param offsets the last offset of each key below {@code knownEnd}
 * @param knownEnd what lies at or above it is not known and stays
 * @param nowMillis when the cleaning began, epoch milliseconds
 * @param deleteRetentionMillis how long tombstones stay once everything they delete is gone
 * @param rememberedBatches those that duplicates are told by, each as its last offset
 */
record CleaningRules(
        OffsetMap offsets, long knownEnd, long nowMillis, long deleteRetentionMillis, Set<Long> rememberedBatches) {}
