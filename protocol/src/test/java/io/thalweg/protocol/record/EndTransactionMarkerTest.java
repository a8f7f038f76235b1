package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

final class EndTransactionMarkerTest {

    @Test
    void bytesAreKafkas() {
        for (boolean isCommit : new boolean[] {true, false}) {
            var type = isCommit ? ControlRecordType.COMMIT : ControlRecordType.ABORT;
            var kafkas = new org.apache.kafka.common.record.internal.EndTransactionMarker(type, 17);
            ByteBuffer theirs = MemoryRecords.withEndTransactionMarker(0, 1_000L, -1, 42L, (short) 3, kafkas)
                    .buffer();
            EndTransactionMarker marker = new EndTransactionMarker(isCommit, 17);

            ByteBuffer ours = marker.toBatch(1_000L, 42L, (short) 3);

            assertThat(ours).isEqualTo(theirs);
            assertThat(EndTransactionMarker.in(RecordBatch.at(theirs, 0))).contains(marker);
        }
    }

    @Test
    void otherControlRecordsAreNoMarkers() {
        ByteBuffer buffer = MemoryRecords.withLeaderChangeMessage(
                        0, 0, 1, ByteBuffer.allocate(128), new LeaderChangeMessage().setVersion((short) 0))
                .buffer();

        assertThat(EndTransactionMarker.in(RecordBatch.at(buffer, 0))).isEmpty();
    }

    @Test
    void shortKeyOrValueIsCorrupt() {
        ByteBuffer commit = ByteBuffer.wrap(new byte[] {0, 0, 0, 1});
        for (ByteBuffer key : new ByteBuffer[] {null, ByteBuffer.allocate(3), commit}) {
            RecordBatchBuilder builder = new RecordBatchBuilder(200).control();
            builder.append(1, key, ByteBuffer.allocate(5));
            RecordBatch batch = RecordBatch.at(builder.build(), 0);

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> EndTransactionMarker.in(batch))
                    .withMessageContaining("control record at offset 0");
        }
    }

    @Test
    void onlyControlBatchesHaveMarkers() {
        RecordBatchBuilder builder = new RecordBatchBuilder(200);
        builder.append(1, null, null);
        RecordBatch batch = RecordBatch.at(builder.build(), 0);

        assertThatIllegalArgumentException().isThrownBy(() -> EndTransactionMarker.in(batch));
    }
}
