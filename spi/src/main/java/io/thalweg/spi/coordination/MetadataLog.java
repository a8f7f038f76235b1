package io.thalweg.spi.coordination;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * An ordered, durable log of metadata with at most one leader, the controller, who alone proposes.
 *
 * <p><b>Threads.</b> Any thread may call. The listener is called from one thread at a time, in order (METADATA-1).
 *
 * <p><b>Ownership.</b> Buffers are lent until the stage completes; what a listener is given is lent for the call.
 *
 * <p><b>Ordering.</b> Entries have ascending offsets, and every member sees the same ones (METADATA-2). An entry is seen whole or not
 * at all (METADATA-3). A listener has heard an entry before the stage of its proposal completes (METADATA-4).
 *
 * <p><b>Errors.</b> A proposal under an epoch that is not the leader's fails with {@link NotLeaderException} and is not in the log
 * (METADATA-5). Any other failure leaves open whether the entry is in the log; the next leadership tells.
 *
 * <p><b>Close.</b> Idempotent; pending proposals fail (METADATA-6).
 */
public interface MetadataLog extends AutoCloseable {

    /** Appends these records as one entry; completes with its offset once it is committed and durable. */
    CompletionStage<Long> propose(int leaderEpoch, List<ByteBuffer> records);

    /**
     * Starts to tell the listener everything that is committed: a snapshot if there is one, the entries after it, and from then on what
     * is committed next. At most one listener, once. Leadership is told only after the entries before it (METADATA-7).
     */
    void subscribe(MetadataListener listener);

    /**
     * Keeps a snapshot of everything below an offset, after which the entries below it may go.
     *
     * @param endOffset the offset after the last entry the snapshot covers
     */
    CompletionStage<Void> snapshot(long endOffset, List<ByteBuffer> records);

    /** Completes with an offset such that everything committed before the call lies below it, once the listener has heard it. */
    CompletionStage<Long> barrier();

    /** The quorum as this member knows it; memory speed. */
    QuorumState quorum();

    @Override
    void close();
}
