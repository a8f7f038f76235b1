package io.thalweg.broker.partition;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.spi.storage.PartitionLog;

/**
 * This broker's copy of one partition, in the role it has at the moment. Owned by the shard.
 *
 * <p>What is staged in a turn is put into the log by {@link #flush} at its end; the commit that follows ends in {@link #committed} or
 * {@link #commitFailed}, also of a replica that was closed meanwhile.
 */
public sealed interface Replica permits LeaderPartition, FollowerPartition {

    /** The log and what is known of its content; stays the same when the role changes. */
    ReplicaLog state();

    /** Puts what was staged into the log, all of it or none. Tells whether there is something to commit. */
    boolean flush();

    /** Everything below the offset is durable here. */
    void committed(long endOffset);

    /** What was appended cannot be made durable; the log is out of use until it is opened again. */
    void commitFailed(Throwable failure);

    boolean isClosed();

    /** Ends the role: everything that waits is answered with the error. */
    void close(ErrorCode error, String reason);

    /** The log start has moved. */
    void startAdvanced(long startOffset);

    default PartitionLog log() {
        return state().log();
    }

    /** The end offset that a commit begun now will make durable. */
    default long endOffset() {
        return state().nextOffset();
    }
}
