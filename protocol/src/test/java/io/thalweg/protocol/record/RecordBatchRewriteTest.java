package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

/** Batches built in the place of others, as compaction does. */
final class RecordBatchRewriteTest {

    private static RecordBatch rewritten(RecordBatch batch, List<RecordView> kept, boolean hasHorizon) {
        var builder = new RecordBatchBuilder(1 << 24).inPlaceOf(batch);
        if (hasHorizon) {
            builder.deleteHorizon(123_456_789);
        }
        for (var record : kept) {
            builder.appendAt(record.offset(), record.timestamp(), record.key(), record.value(), record.headers());
        }
        return RecordBatch.at(builder.build(), 0);
    }

    private static List<RecordView> records(RecordBatch batch) {
        var records = new ArrayList<RecordView>();
        batch.records().forEachRemaining(records::add);
        return records;
    }

    @Test
    void everythingButTheRecordsThatWentStays() {
        Seeds.run(1_000, random -> {
            var frame = KafkaBatch.Frame.random(random);
            var batch = RecordBatch.at(KafkaBatch.write(frame, KafkaBatch.contents(random)), 0);
            var kept = records(batch);
            kept.removeIf(record -> random.nextInt(3) == 0);

            var rewritten = rewritten(batch, kept, random.nextBoolean());

            assertThat(records(rewritten)).isEqualTo(kept);
            assertThat(rewritten.baseOffset()).isEqualTo(batch.baseOffset());
            assertThat(rewritten.lastOffset()).isEqualTo(batch.lastOffset());
            assertThat(rewritten.producerId()).isEqualTo(batch.producerId());
            assertThat(rewritten.producerEpoch()).isEqualTo(batch.producerEpoch());
            assertThat(rewritten.lastSequence()).isEqualTo(batch.lastSequence());
            assertThat(rewritten.partitionLeaderEpoch()).isEqualTo(batch.partitionLeaderEpoch());
            assertThat(rewritten.timestampType()).isEqualTo(batch.timestampType());
            assertThat(rewritten.isTransactional()).isEqualTo(batch.isTransactional());
            assertThat(rewritten.compression()).isEqualTo(kept.isEmpty() ? Compression.NONE : batch.compression());
            kafkaReads(rewritten, kept.size());
        });
    }

    private static void kafkaReads(RecordBatch rewritten, int count) {
        var theirs = MemoryRecords.readableRecords(rewritten.bytes())
                .batches()
                .iterator()
                .next();
        theirs.ensureValid();
        assertThat(theirs.lastOffset()).isEqualTo(rewritten.lastOffset());
        assertThat(theirs.deleteHorizonMs().isPresent()).isEqualTo(rewritten.hasDeleteHorizon());
        if (rewritten.hasDeleteHorizon()) {
            assertThat(theirs.deleteHorizonMs().getAsLong()).isEqualTo(rewritten.baseTimestamp());
        }
        var ours = records(rewritten).iterator();
        var read = 0;
        for (var record : theirs) {
            var our = ours.next();
            assertThat(record.offset()).isEqualTo(our.offset());
            assertThat(record.timestamp()).isEqualTo(our.timestamp());
            assertThat(record.key()).isEqualTo(our.key());
            read++;
        }
        assertThat(read).isEqualTo(count);
    }

    @Test
    void aHorizonIsKept() {
        var builder = new RecordBatchBuilder(1 << 10);
        builder.append(5, ByteBuffer.allocate(1), null);
        builder.append(6, ByteBuffer.allocate(1), null);
        var batch = RecordBatch.at(builder.build(), 0);
        var marked = rewritten(batch, records(batch), true);

        var again = rewritten(marked, records(marked).subList(1, 2), false);

        assertThat(again.hasDeleteHorizon()).isTrue();
        assertThat(again.baseTimestamp()).isEqualTo(123_456_789);
        assertThat(records(again).get(0).timestamp()).isEqualTo(6);
        assertThat(again.maxTimestamp()).isEqualTo(6);
    }

    @Test
    void aHorizonComesBeforeTheRecords() {
        var builder = new RecordBatchBuilder(1 << 10);
        builder.append(5, ByteBuffer.allocate(1), null);

        assertThatIllegalStateException().isThrownBy(() -> builder.deleteHorizon(1));
    }
}
