package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RecordCheckerTest {

    private final RecordChecker checker = new RecordChecker(DecompressionLimit.DEFAULT);

    @Test
    void tellsKeysAndTimestampsOfSoundBatches() {
        Seeds.run(1_000, random -> {
            List<RecordView> contents = KafkaBatch.contents(random);
            ByteBuffer buffer = KafkaBatch.write(KafkaBatch.Frame.random(random), contents);
            List<Long> timestamps = contents.stream().map(RecordView::timestamp).toList();
            int firstWithoutKey = IntStream.range(0, contents.size())
                    .filter(i -> contents.get(i).key() == null)
                    .findFirst()
                    .orElse(CheckedRecords.NONE);

            CheckedRecords checked = checker.check(RecordBatch.at(buffer, buffer.position()));

            long max = timestamps.stream().max(Long::compare).orElseThrow();
            assertThat(checked.firstWithoutKey()).isEqualTo(firstWithoutKey);
            assertThat(checked.allHaveKeys()).isEqualTo(firstWithoutKey < 0);
            assertThat(checked.minTimestamp())
                    .isEqualTo(timestamps.stream().min(Long::compare).orElseThrow());
            assertThat(checked.maxTimestamp()).isEqualTo(max);
            assertThat(checked.firstWithMaxTimestamp()).isEqualTo(timestamps.indexOf(max));
        });
    }

    @Test
    void refusesCountsThatDoNotAgree() {
        byte[] two = RawBatch.zeros(2, 3);

        assertThat(checker.check(RawBatch.of(Compression.NONE, 2, two)).allHaveKeys())
                .isFalse();
        refuses(RawBatch.of(Compression.NONE, 0, two), "has 0 records and last offset delta -1");
        refuses(RawBatch.of(Compression.NONE, -1, two), "has -1 records");
        refuses(RawBatch.of(Compression.NONE, Integer.MIN_VALUE, two), "has -2147483648 records");
        refuses(RawBatch.of(Compression.NONE, 1, two), "batch of 1 records has bytes left");
        refuses(RawBatch.of(Compression.NONE, 3, two), "records end after 0 of 1 expected bytes");
        refuses(RawBatch.of(Compression.NONE, Integer.MAX_VALUE, two), "records end after 0 of 1 expected bytes");
        refuses(RawBatch.of(Compression.NONE, 1, new byte[0]), "records end after 0 of 1 expected bytes");
    }

    @Test
    void refusesGapsBetweenOffsets() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1_000);
        builder.append(1, null, null);
        builder.appendAt(2, 1, null, null, List.of());
        ByteBuffer buffer = builder.build();
        buffer.putInt(RecordBatch.LAST_OFFSET_DELTA_AT, 1);

        refuses(RecordBatch.at(buffer, 0), "record 1 has offset delta 2, expected 1");
    }

    @Test
    void refusesLengthsThatDoNotAddUp() {
        // Length, attributes, timestamp delta, offset delta, key length, value length, headers count, all zigzag-coded.
        refuses(one(10, 0, 0, 0, 1, 1), "record of 5 bytes, expected at least 6");
        refuses(one(14, 0, 0, 0, 1, 1, 0), "records end after 6 of 7 expected bytes");
        refuses(one(14, 0, 0, 0, 1, 1, 0, 0), "record of 7 bytes has 1 left over");
        refuses(one(12, 0, 0, 0, 3, 1, 0), "key of -2 bytes, expected -1 to 2");
        refuses(one(12, 0, 0, 0, 6, 1, 0), "key of 3 bytes, expected -1 to 2");
        refuses(one(12, 0, 0, 0, 1, 3, 0), "value of -2 bytes, expected -1 to 1");
        refuses(one(12, 0, 0, 0, 1, 4, 0), "value of 2 bytes, expected -1 to 1");
        refuses(one(12, 0, 0, 0, 1, 1, 1), "-1 headers, expected 0 to 0");
        refuses(one(16, 0, 0, 0, 1, 1, 4, 0, 1), "2 headers, expected 0 to 1");
        refuses(one(16, 0, 0, 0, 1, 1, 2, 1, 1), "header without a key");
        refuses(one(16, 0, 0, 0, 1, 1, 2, 0, 2), "header value of 1 bytes, expected -1 to 0");
    }

    @Test
    void refusesNumbersThatDoNotEnd() {
        refuses(one(0xff, 0xff, 0xff, 0xff, 0xff, 0x01), "number of more than 5 bytes");
        refuses(
                one(40, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0, 0),
                "number of more than 10 bytes");
    }

    @Test
    void unknownCompressionIsCorrupt() {
        ByteBuffer buffer =
                RawBatch.of(Compression.NONE, 1, RawBatch.zeros(1, 1)).bytes();
        for (int id = 5; id < 8; id++) {
            buffer.putShort(RecordBatch.ATTRIBUTES_AT, (short) id);

            refuses(RecordBatch.at(buffer, 0), "compression id " + id + " is unknown");
        }
    }

    private void refuses(RecordBatch batch, String why) {
        assertThatExceptionOfType(CorruptRecordException.class)
                .isThrownBy(() -> checker.check(batch))
                .withMessageContaining(why);
        assertThat(batch.isWhole()).isTrue();
    }

    private static RecordBatch one(int... bytes) {
        byte[] record = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            record[i] = (byte) bytes[i];
        }
        return RawBatch.of(Compression.NONE, 1, record);
    }
}
