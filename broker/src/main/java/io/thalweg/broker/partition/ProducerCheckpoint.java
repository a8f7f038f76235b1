package io.thalweg.broker.partition;

import io.thalweg.broker.partition.ProducerEntry.Sequenced;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of a producer {@code .snapshot}, as Kafka writes it; numbers are big-endian:
 *
 * <pre>
 * at  size  field
 *  0     2  version              1
 *  2     4  CRC                  CRC-32C of everything after it
 *  6     4  number of batches
 * 10     -  per batch that is remembered, {@value #ENTRY_BYTES} bytes; those of a producer in their order:
 *        8  producer id
 *        2  producer epoch
 *        4  last sequence
 *        8  last offset
 *        4  offset delta         last offset - base offset
 *        8  timestamp            max timestamp, epoch milliseconds
 *        4  coordinator epoch    of the last transaction marker; -1
 *        8  first offset         of the open transaction; -1
 * </pre>
 *
 * Kafka keeps the last batch of a producer only, and of several takes the last. With one alone, a producer that has several batches under
 * way and sends them again after a restart would be told that they are out of order, though they were written.
 */
final class ProducerCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(ProducerCheckpoint.class);

    private static final short VERSION = 1;
    private static final int CRC_AT = 2;
    private static final int COUNT_AT = 6;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;

    private ProducerCheckpoint() {}

    /**
     * What it holds.
     *
     * @param transactionStarts the first offsets of open transactions by their producers
     */
    record Content(Map<Long, ProducerEntry> producers, Map<Long, Long> transactionStarts) {}

    static ByteBuffer write(Content content) {
        var producers = content.producers();
        var count = producers.values().stream()
                .mapToInt(entry -> entry.batches().size())
                .sum();
        var buffer = ByteBuffer.allocate(HEADER_BYTES + count * ENTRY_BYTES);
        buffer.putShort(VERSION).putInt(0).putInt(count);
        producers.forEach((producerId, entry) -> {
            var start = content.transactionStarts().getOrDefault(producerId, -1L);
            entry.batches()
                    .forEach(batch ->
                            writeBatch(buffer.putLong(producerId).putShort(entry.producerEpoch()), batch, start));
        });
        buffer.flip();
        return buffer.putInt(CRC_AT, crcOf(buffer));
    }

    private static void writeBatch(ByteBuffer buffer, Sequenced batch, long transactionStart) {
        buffer.putInt(batch.lastSequence())
                .putLong(batch.lastOffset())
                .putInt((int) (batch.lastOffset() - batch.baseOffset()))
                .putLong(batch.timestamp())
                .putInt(-1)
                .putLong(transactionStart);
    }

    /** The producers, or nothing when the bytes are not a snapshot: they are then rebuilt from the log. */
    static Optional<Content> read(ByteBuffer bytes) {
        var buffer = bytes.slice();
        if (buffer.limit() < HEADER_BYTES
                || buffer.getShort(0) != VERSION
                || buffer.getInt(CRC_AT) != crcOf(buffer)
                || buffer.limit() != HEADER_BYTES + (long) buffer.getInt(COUNT_AT) * ENTRY_BYTES) {
            log.warn("producer snapshot of {} bytes is not readable and will be rebuilt from the log", buffer.limit());
            return Optional.empty();
        }
        var producers = new LinkedHashMap<Long, ProducerEntry>();
        var starts = new LinkedHashMap<Long, Long>();
        for (var at = HEADER_BYTES; at < buffer.limit(); at += ENTRY_BYTES) {
            var producerId = buffer.getLong(at);
            producers.put(
                    producerId,
                    ProducerEntry.after(producers.get(producerId), buffer.getShort(at + 8), batchAt(buffer, at)));
            if (buffer.getLong(at + 38) >= 0) {
                starts.put(producerId, buffer.getLong(at + 38));
            }
        }
        return Optional.of(new Content(producers, starts));
    }

    private static Sequenced batchAt(ByteBuffer buffer, int at) {
        var lastSequence = buffer.getInt(at + 10);
        var lastOffset = buffer.getLong(at + 14);
        var offsetDelta = buffer.getInt(at + 22);
        var baseSequence = (lastSequence - offsetDelta) & Integer.MAX_VALUE;
        return new Sequenced(baseSequence, lastSequence, lastOffset - offsetDelta, lastOffset, buffer.getLong(at + 26));
    }

    private static int crcOf(ByteBuffer buffer) {
        var crc = new CRC32C();
        crc.update(buffer.slice(COUNT_AT, buffer.limit() - COUNT_AT));
        return (int) crc.getValue();
    }
}
