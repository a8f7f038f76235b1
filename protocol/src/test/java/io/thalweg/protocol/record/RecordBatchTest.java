package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;

final class RecordBatchTest {

    private static final SimpleRecord FIRST = new SimpleRecord(1_000, bytes("key"), bytes("value"));
    private static final SimpleRecord SECOND = new SimpleRecord(1_007, bytes("key"), bytes("other"));

    @Test
    void headerReadsAsKafkaReadsIt() {
        ByteBuffer buffer = MemoryRecords.withTransactionalRecords(
                        100L, Compression.gzip().build(), 7L, (short) 3, 40, 9, FIRST, SECOND)
                .buffer();
        var theirs = MemoryRecords.readableRecords(buffer).batches().iterator().next();

        RecordBatch ours = RecordBatch.at(buffer, buffer.position());

        assertThat(ours.baseOffset()).isEqualTo(theirs.baseOffset()).isEqualTo(100);
        assertThat(ours.lastOffset()).isEqualTo(theirs.lastOffset()).isEqualTo(101);
        assertThat(ours.nextOffset()).isEqualTo(theirs.nextOffset());
        assertThat(ours.sizeInBytes()).isEqualTo(theirs.sizeInBytes()).isEqualTo(buffer.remaining());
        assertThat(ours.partitionLeaderEpoch())
                .isEqualTo(theirs.partitionLeaderEpoch())
                .isEqualTo(9);
        assertThat(ours.crc()).isEqualTo(theirs.checksum());
        assertThat(ours.crcIsValid()).isTrue();
        assertThat(ours.compression().id()).isEqualTo(theirs.compressionType().id);
        assertThat(ours.isTransactional()).isTrue();
        assertThat(ours.isControl()).isFalse();
        assertThat(ours.hasDeleteHorizon()).isFalse();
        assertThat(ours.baseTimestamp()).isEqualTo(1_000);
        assertThat(ours.maxTimestamp()).isEqualTo(theirs.maxTimestamp()).isEqualTo(1_007);
        assertThat(ours.producerId()).isEqualTo(7);
        assertThat(ours.producerEpoch()).isEqualTo((short) 3);
        assertThat(ours.baseSequence()).isEqualTo(40);
        assertThat(ours.lastSequence()).isEqualTo(theirs.lastSequence()).isEqualTo(41);
        assertThat(ours.recordsCount()).isEqualTo(2);
    }

    @Test
    void sequenceWrapsToZeroAsInKafka() {
        for (int start : new int[] {0, 5, Integer.MAX_VALUE - 3, Integer.MAX_VALUE}) {
            for (int count : new int[] {0, 1, 3, 4, 5, Integer.MAX_VALUE}) {
                assertThat(RecordBatch.sequenceAfter(start, count))
                        .as("%d after %d", count, start)
                        .isEqualTo(DefaultRecordBatch.incrementSequence(start, count));
            }
        }
    }

    @Test
    void assigningOffsetsAndEpochKeepsTheCrc() {
        ByteBuffer buffer = twoRecords();
        RecordBatch batch = RecordBatch.at(buffer, buffer.position());
        long crc = batch.crc();

        batch.assignOffsets(5_000_000_000L);
        batch.assignLeaderEpoch(12);

        assertThat(batch.lastOffset()).isEqualTo(5_000_000_001L);
        assertThat(batch.partitionLeaderEpoch()).isEqualTo(12);
        assertThat(batch.crc()).isEqualTo(crc);
        assertThat(batch.crcIsValid()).isTrue();
    }

    @Test
    void appendTimeIsWhatKafkaWouldHaveStamped() {
        ByteBuffer buffer = twoRecords();
        ByteBuffer expected = twoRecords();
        new MemoryRecordsView(expected).stampAppendTime(99_000);

        RecordBatch.at(buffer, buffer.position()).assignTimestamps(TimestampType.LOG_APPEND_TIME, 99_000);

        assertThat(buffer).isEqualTo(expected);
        assertThat(RecordBatch.at(buffer, buffer.position()).crcIsValid()).isTrue();
    }

    @Test
    void aChangedByteFailsTheCrc() {
        ByteBuffer buffer = twoRecords();
        RecordBatch batch = RecordBatch.at(buffer, buffer.position());

        for (int at = buffer.position() + RecordBatch.CRC_AT; at < buffer.limit(); at++) {
            buffer.put(at, (byte) ~buffer.get(at));
            assertThat(batch.crcIsValid()).as("byte %d flipped", at).isFalse();
            buffer.put(at, (byte) ~buffer.get(at));
        }
    }

    @Test
    void headerAloneIsEnoughUntilTheRecordsAreWanted() {
        ByteBuffer buffer = twoRecords();
        int size = buffer.remaining();
        buffer.limit(buffer.position() + RecordBatch.HEADER_BYTES);

        RecordBatch batch = RecordBatch.at(buffer, buffer.position());

        assertThat(batch.sizeInBytes()).isEqualTo(size);
        assertThat(batch.isWhole()).isFalse();
        assertThatIllegalStateException().isThrownBy(batch::crcIsValid).withMessageContaining("has " + size + " bytes");
    }

    @Test
    void oldFormatsAreToldApartFromCorruption() {
        for (byte magic : new byte[] {0, 1}) {
            ByteBuffer buffer = MemoryRecords.withRecords(magic, 0L, Compression.NONE, FIRST)
                    .buffer();

            assertThatExceptionOfType(UnsupportedMagicException.class)
                    .isThrownBy(() -> RecordBatches.in(buffer).wholeBytes())
                    .withMessageContaining("magic " + magic)
                    .matches(thrown -> thrown.magic() == magic);
        }
        ByteBuffer buffer = twoRecords();
        buffer.put(buffer.position() + RecordBatch.MAGIC_AT, (byte) 3);
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> RecordBatches.in(buffer).wholeBytes())
                .withMessageContaining("magic 3");
    }

    @Test
    void impossibleLengthsAreCorrupt() {
        ByteBuffer buffer = twoRecords();
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 13, 14, 48}) {
            buffer.putInt(buffer.position() + RecordBatch.BATCH_LENGTH_AT, length);

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> RecordBatches.in(buffer).wholeBytes())
                    .withMessageContaining("batch length " + length + " ");
        }
    }

    @Test
    void littleEndianBufferIsAProgrammersMistake() {
        ByteBuffer buffer = twoRecords().order(ByteOrder.LITTLE_ENDIAN);

        assertThatIllegalArgumentException().isThrownBy(() -> RecordBatch.at(buffer, buffer.position()));
    }

    @Test
    void iterationStopsBeforeACutBatchWhereverItIsCut() {
        ByteBuffer one = twoRecords();
        int size = one.remaining();
        ByteBuffer buffer = ByteBuffer.allocateDirect(3 + 2 * size).position(3);
        buffer.put(one.duplicate()).put(one.duplicate()).flip().position(3);

        for (int cut = 0; cut <= 2 * size; cut++) {
            buffer.limit(3 + cut);
            RecordBatches batches = RecordBatches.in(buffer);
            int whole = cut / size;

            assertThat(batches).hasSize(whole);
            assertThat(batches.wholeBytes()).isEqualTo(whole * size);
            assertThat(batches.areWhole()).isEqualTo(cut % size == 0);
            assertThat(buffer.position()).isEqualTo(3);
        }
    }

    private static ByteBuffer twoRecords() {
        return MemoryRecords.withRecords(Compression.NONE, FIRST, SECOND).buffer();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Kafka's own mutable view of the first batch in a buffer. */
    private record MemoryRecordsView(ByteBuffer buffer) {

        void stampAppendTime(long millis) {
            MemoryRecords.readableRecords(buffer)
                    .batches()
                    .iterator()
                    .next()
                    .setMaxTimestamp(org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME, millis);
        }
    }
}
