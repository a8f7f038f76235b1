package io.thalweg.broker.partition;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/** Small batches for tests. */
final class Batches {

    static final long TIMESTAMP = 1_700_000_000_000L;

    private static final int CRC_AT = 17;
    private static final int ATTRIBUTES_AT = 21;
    private static final int CONTROL = 0x20;

    private Batches() {}

    static ByteBuffer plain(int records) {
        return fill(new RecordBatchBuilder(1 << 16), records);
    }

    static ByteBuffer sequenced(long producerId, int producerEpoch, int baseSequence, int records) {
        return fill(new RecordBatchBuilder(1 << 16).producer(producerId, (short) producerEpoch, baseSequence), records);
    }

    static ByteBuffer transactional(long producerId, int baseSequence, int records) {
        return fill(
                new RecordBatchBuilder(1 << 16)
                        .producer(producerId, (short) 0, baseSequence)
                        .transactional(),
                records);
    }

    /** The marker that ends a transaction. */
    static ByteBuffer marker(long producerId, TransactionMarker type) {
        var key = ByteBuffer.allocate(4)
                .putShort((short) 0)
                .putShort((short) (type == TransactionMarker.ABORT ? 0 : 1))
                .flip();
        var builder = new RecordBatchBuilder(1 << 10)
                .producer(producerId, (short) 0, RecordBatch.NO_SEQUENCE)
                .transactional();
        builder.append(TIMESTAMP, key, ByteBuffer.allocate(6));
        var bytes = builder.build();
        bytes.putShort(ATTRIBUTES_AT, (short) (bytes.getShort(ATTRIBUTES_AT) | CONTROL));
        var crc = new CRC32C();
        crc.update(bytes.slice(ATTRIBUTES_AT, bytes.limit() - ATTRIBUTES_AT));
        return bytes.putInt(CRC_AT, (int) crc.getValue());
    }

    private static ByteBuffer fill(RecordBatchBuilder builder, int records) {
        for (var i = 0; i < records; i++) {
            builder.append(TIMESTAMP + i, null, ByteBuffer.wrap(("value " + i).getBytes(StandardCharsets.UTF_8)));
        }
        return builder.build();
    }

    static RecordBatch view(ByteBuffer bytes) {
        return RecordBatch.at(bytes, bytes.position());
    }
}
