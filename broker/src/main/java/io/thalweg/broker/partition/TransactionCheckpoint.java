package io.thalweg.broker.partition;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bytes of a {@code .txnindex}, as Kafka writes it: an entry for each aborted transaction, in the order in which they ended. An entry
 * has {@value #ENTRY_BYTES} bytes; numbers are big-endian:
 *
 * <pre>
 * at  size  field
 *  0     2  version             0
 *  2     8  producer id
 * 10     8  first offset
 * 18     8  last offset         of the marker
 * 26     8  last stable offset  when it ended
 * </pre>
 */
final class TransactionCheckpoint {

    private static final Logger log = LoggerFactory.getLogger(TransactionCheckpoint.class);

    private static final short VERSION = 0;
    private static final int ENTRY_BYTES = 34;

    private TransactionCheckpoint() {}

    static ByteBuffer write(AbortedTransactions aborted) {
        var all = aborted.list();
        var buffer = ByteBuffer.allocate(all.size() * ENTRY_BYTES);
        for (var each : all) {
            buffer.putShort(VERSION)
                    .putLong(each.producerId())
                    .putLong(each.firstOffset())
                    .putLong(each.lastOffset())
                    .putLong(each.lastStableOffset());
        }
        return buffer.flip();
    }

    /** Those that ended below an offset, or nothing when the bytes are not such entries: they are then rebuilt from the log. */
    static Optional<AbortedTransactions> read(ByteBuffer bytes, long end) {
        var all = new ArrayList<AbortedTransaction>();
        var before = -1L;
        var buffer = bytes.slice();
        while (buffer.remaining() >= ENTRY_BYTES) {
            var version = buffer.getShort();
            var each = new AbortedTransaction(buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
            if (each.lastOffset() <= before && all.contains(each)) {
                // A replacement of segments that was given up may have noted it twice.
                continue;
            }
            if (version != VERSION || each.lastOffset() <= before || each.firstOffset() > each.lastOffset()) {
                log.warn(
                        "{} in a transaction index follows one up to {}: it will be rebuilt from the log",
                        each,
                        before);
                return Optional.empty();
            }
            before = each.lastOffset();
            if (each.lastOffset() < end) {
                all.add(each);
            }
        }
        if (buffer.hasRemaining()) {
            log.warn(
                    "a transaction index ends with {} bytes of an entry: it will be rebuilt from the log",
                    buffer.remaining());
            return Optional.empty();
        }
        return Optional.of(AbortedTransactions.of(all));
    }
}
