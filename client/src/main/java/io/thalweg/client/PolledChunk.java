package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.List;

/**
 * The records of one poll, all of one partition. There may be none: markers of transactions and what was aborted are not shown, and nor is
 * what compaction has removed.
 *
 * @param nextOffset the offset after them, records that are not shown included
 * @param generation of the position that they were read at
 * @param tenure of the partition when they were read: another one if it was given up and assigned anew since
 */
record PolledChunk(TopicPartition partition, List<InboundRecord> records, long nextOffset, int generation, int tenure) {

    /** Where reading goes on when only the first so many records are taken. */
    long nextOffset(int count) {
        return count == records.size() ? nextOffset : records.get(count).offset();
    }
}
