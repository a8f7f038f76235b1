package io.thalweg.broker.partition;

import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Small batches for tests. */
final class Batches {

    static final long TIMESTAMP = 1_700_000_000_000L;

    private Batches() {}

    static ByteBuffer plain(int records) {
        return fill(new RecordBatchBuilder(1 << 16), records);
    }

    static ByteBuffer sequenced(long producerId, int producerEpoch, int baseSequence, int records) {
        return fill(new RecordBatchBuilder(1 << 16).producer(producerId, (short) producerEpoch, baseSequence), records);
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
