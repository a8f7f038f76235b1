package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.message.FetchResponse;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Whole batches of one partition, as they were fetched.
 *
 * @param aborted the transactions whose records are not to be read
 * @param from records below this offset are left out: a fetch within a batch gets the whole batch
 * @param generation of the assignment they were fetched for
 */
record FetchedChunk(
        TopicPartition partition,
        ByteBuffer batches,
        List<FetchResponse.AbortedTransaction> aborted,
        long from,
        long nextOffset,
        int generation,
        SharedFrame frame)
        implements Fetched {

    int sizeInBytes() {
        return batches.remaining();
    }
}
