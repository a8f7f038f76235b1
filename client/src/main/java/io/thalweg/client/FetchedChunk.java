package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.nio.ByteBuffer;

/**
 * Whole batches of one partition, as they were fetched.
 *
 * @param from records below this offset are left out: a fetch within a batch gets the whole batch
 * @param generation of the assignment they were fetched for
 */
record FetchedChunk(
        TopicPartition partition, ByteBuffer batches, long from, long nextOffset, int generation, SharedFrame frame)
        implements Fetched {

    int sizeInBytes() {
        return batches.remaining();
    }
}
