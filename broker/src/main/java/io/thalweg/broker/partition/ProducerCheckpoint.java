package io.thalweg.broker.partition;

import io.thalweg.broker.partition.ProducerEntry.Sequenced;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
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
 *  6     4  number of producers
 * 10     -  per producer, {@value #ENTRY_BYTES} bytes:
 *        8  producer id
 *        2  producer epoch
 *        4  last sequence        of the last batch
 *        8  last offset          of the last batch
 *        4  offset delta         last offset - base offset of the last batch
 *        8  timestamp            max timestamp of the last batch, epoch milliseconds
 *        4  coordinator epoch    of the last transaction marker; -1
 *        8  first offset         of the open transaction; -1
 * </pre>
 *
 * Only the last batch of a producer is kept, so after a restart an older one is told to be a duplicate without its offset.
 */
final class ProducerCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(ProducerCheckpoint.class);

    private static final short VERSION = 1;
    private static final int CRC_AT = 2;
    private static final int COUNT_AT = 6;
    private static final int HEADER_BYTES = 10;
    private static final int ENTRY_BYTES = 46;

    private ProducerCheckpoint() {}

    static ByteBuffer write(Map<Long, ProducerEntry> producers) {
        var buffer = ByteBuffer.allocate(HEADER_BYTES + producers.size() * ENTRY_BYTES);
        buffer.putShort(VERSION).putInt(0).putInt(producers.size());
        producers.forEach((producerId, entry) -> {
            var last = entry.last();
            buffer.putLong(producerId)
                    .putShort(entry.producerEpoch())
                    .putInt(last.lastSequence())
                    .putLong(last.lastOffset())
                    .putInt((int) (last.lastOffset() - last.baseOffset()))
                    .putLong(last.timestamp())
                    .putInt(-1)
                    .putLong(-1);
        });
        buffer.flip();
        return buffer.putInt(CRC_AT, crcOf(buffer));
    }

    /** The producers, or nothing when the bytes are not a snapshot: they are then rebuilt from the log. */
    static Optional<Map<Long, ProducerEntry>> read(ByteBuffer bytes) {
        var buffer = bytes.slice();
        if (buffer.limit() < HEADER_BYTES
                || buffer.getShort(0) != VERSION
                || buffer.getInt(CRC_AT) != crcOf(buffer)
                || buffer.limit() != HEADER_BYTES + (long) buffer.getInt(COUNT_AT) * ENTRY_BYTES) {
            log.warn("producer snapshot of {} bytes is not readable and will be rebuilt from the log", buffer.limit());
            return Optional.empty();
        }
        var producers = new LinkedHashMap<Long, ProducerEntry>();
        for (var at = HEADER_BYTES; at < buffer.limit(); at += ENTRY_BYTES) {
            producers.put(buffer.getLong(at), entryAt(buffer, at));
        }
        return Optional.of(producers);
    }

    private static ProducerEntry entryAt(ByteBuffer buffer, int at) {
        var lastSequence = buffer.getInt(at + 10);
        var lastOffset = buffer.getLong(at + 14);
        var offsetDelta = buffer.getInt(at + 22);
        var baseSequence = (lastSequence - offsetDelta) & Integer.MAX_VALUE;
        var last = new Sequenced(
                baseSequence, lastSequence, lastOffset - offsetDelta, lastOffset, buffer.getLong(at + 26));
        return new ProducerEntry(buffer.getShort(at + 8), List.of(last));
    }

    private static int crcOf(ByteBuffer buffer) {
        var crc = new CRC32C();
        crc.update(buffer.slice(COUNT_AT, buffer.limit() - COUNT_AT));
        return (int) crc.getValue();
    }
}
