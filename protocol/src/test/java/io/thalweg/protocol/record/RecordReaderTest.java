package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class RecordReaderTest {

    private static final int ROUNDS = 2_000;

    @Test
    void readsWhatKafkaWrote() {
        Seeds.run(ROUNDS, random -> {
            ByteBuffer buffer = random.nextBoolean() ? direct(KafkaBatch.random(random)) : KafkaBatch.random(random);

            RecordBatch batch = RecordBatch.at(buffer, buffer.position());

            assertThat(batch.crcIsValid()).isTrue();
            assertThat(read(batch)).isEqualTo(KafkaBatch.read(buffer));
        });
    }

    @Test
    void keepsTheOffsetsThatCompactionLeft() {
        Seeds.run(200, random -> {
            KafkaBatch.Frame frame = KafkaBatch.Frame.random(random);
            var builder = frame.kafkaBuilder();
            long offset = frame.baseOffset();
            for (RecordView each : KafkaBatch.contents(random)) {
                offset += random.nextInt(1, 1_000);
                builder.appendWithOffset(offset, each.timestamp(), each.key(), each.value(), KafkaBatch.headers(each));
            }
            builder.overrideLastOffset(offset + random.nextInt(5));
            ByteBuffer buffer = builder.build().buffer();

            List<RecordView> records = read(RecordBatch.at(buffer, 0));

            assertThat(records).isEqualTo(KafkaBatch.read(buffer));
        });
    }

    @Test
    void batchEmptiedByCompactionHasNoRecords() {
        ByteBuffer buffer = ByteBuffer.allocate(RecordBatch.HEADER_BYTES);
        org.apache.kafka.common.record.internal.DefaultRecordBatch.writeEmptyHeader(
                buffer,
                (byte) 2,
                7L,
                (short) 1,
                3,
                100L,
                109L,
                4,
                org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                1_000L,
                false,
                false);

        RecordReader records = RecordBatch.at(buffer, 0).records();

        assertThat(records.hasNext()).isFalse();
    }

    @Test
    void copiesAreWhatViewsShow() {
        Seeds.run(ROUNDS, random -> {
            ByteBuffer buffer = random.nextBoolean() ? direct(KafkaBatch.random(random)) : KafkaBatch.random(random);
            List<RecordView> copied = new ArrayList<>();

            RecordReader reader = RecordBatch.at(buffer, buffer.position()).records();
            while (reader.hasNext()) {
                reader.advance();
                copied.add(new RecordView(
                        reader.offset(),
                        reader.timestamp(),
                        wrapped(reader.copyOfKey()),
                        wrapped(reader.copyOfValue()),
                        reader.headers()));
            }

            assertThat(copied).isEqualTo(KafkaBatch.read(buffer));
        });
    }

    private static @Nullable ByteBuffer wrapped(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    @Test
    void plainRecordsAreSlicesAndDecompressedOnesAreNot() {
        for (Compression compression : Compression.values()) {
            ByteBuffer buffer = MemoryRecords.withRecords(
                            KafkaBatch.compression(compression),
                            new org.apache.kafka.common.record.internal.SimpleRecord(
                                    1L, KafkaBatch.utf8("k"), new byte[100]))
                    .buffer();
            ByteBuffer value = Objects.requireNonNull(
                    RecordBatch.at(buffer, 0).records().next().value());

            for (int at = RecordBatch.HEADER_BYTES; at < buffer.limit(); at++) {
                buffer.put(at, (byte) 55);
            }

            assertThat(value.get(0)).isEqualTo((byte) (compression == Compression.NONE ? 55 : 0));
        }
    }

    @Test
    void recordsCountMustBeWhatIsThere() {
        for (Compression compression : Compression.values()) {
            for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 1, 3, Integer.MAX_VALUE}) {
                ByteBuffer buffer = twoRecords(compression);
                buffer.putInt(RecordBatch.RECORDS_COUNT_AT, count);

                assertThatExceptionOfType(CorruptRecordException.class)
                        .as("%s, %d", compression, count)
                        .isThrownBy(() -> read(RecordBatch.at(buffer, 0)))
                        .withMessageContaining("batch at offset 0");
            }
        }
    }

    @Test
    void offsetsMustGrowAndEndWhereTheHeaderSays() {
        RecordBatchBuilder builder = new RecordBatchBuilder(1_000);
        builder.append(1, null, null);
        builder.append(1, null, null);
        ByteBuffer buffer = builder.build();
        int secondDelta = buffer.limit() - 4;

        for (int delta : new int[] {-1, 0, 2}) {
            buffer.put(secondDelta, (byte) (delta << 1 ^ delta >> 31));

            assertThatExceptionOfType(CorruptRecordException.class)
                    .isThrownBy(() -> read(RecordBatch.at(buffer, 0)))
                    .withMessageContaining("record 1 has offset delta " + delta + ", expected 1 to 1");
        }
    }

    @Test
    void closedReaderHasNoMore() {
        for (Compression compression : Compression.values()) {
            RecordReader records = RecordBatch.at(twoRecords(compression), 0).records();
            records.next();

            records.close();
            records.close();

            assertThat(records.hasNext()).isFalse();
            assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(records::next);
        }
    }

    static List<RecordView> read(RecordBatch batch) {
        List<RecordView> read = new ArrayList<>();
        try (RecordReader records = batch.records()) {
            records.forEachRemaining(read::add);
        }
        return read;
    }

    private static ByteBuffer twoRecords(Compression compression) {
        var one = new org.apache.kafka.common.record.internal.SimpleRecord(
                1L, KafkaBatch.utf8("key"), KafkaBatch.utf8("value"));
        return MemoryRecords.withRecords(KafkaBatch.compression(compression), one, one)
                .buffer();
    }

    private static ByteBuffer direct(ByteBuffer buffer) {
        return ByteBuffer.allocateDirect(buffer.remaining()).put(buffer).flip();
    }
}
