package io.thalweg.spi.storage;

import java.nio.ByteBuffer;

/**
 * One record batch on its way into a log, described so that an engine need not parse it.
 *
 * <p>The bytes are one whole batch of Kafka's format v2 with a CRC that is right, and its header says the same as this record. An engine
 * may rely on that, to find its batches again after a crash, or take the bytes as they are.
 *
 * @param bytes the batch from position to limit, in a buffer that may begin before and go on after it; lent, see {@link PartitionLog}
 * @param baseOffset the offset of its first record
 * @param lastOffset the offset of its last record
 * @param leaderEpoch the epoch of the leader that assigned the offsets
 * @param maxTimestamp the greatest timestamp in it, epoch milliseconds; -1 if none
 */
public record Batch(ByteBuffer bytes, long baseOffset, long lastOffset, int leaderEpoch, long maxTimestamp) {

    public Batch {
        if (baseOffset < 0 || lastOffset < baseOffset || !bytes.hasRemaining()) {
            throw new IllegalArgumentException("batch of " + bytes.remaining() + " bytes with offsets " + baseOffset
                    + " to " + lastOffset + ": expected bytes and ascending offsets from 0");
        }
    }

    /** The same in an array of its own, to be kept when the bytes are lent no more. */
    public Batch copy() {
        return new Batch(Checkpoint.copyOf(bytes), baseOffset, lastOffset, leaderEpoch, maxTimestamp);
    }
}
