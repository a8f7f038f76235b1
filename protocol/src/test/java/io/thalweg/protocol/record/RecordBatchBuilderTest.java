package io.thalweg.protocol.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.thalweg.protocol.Seeds;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.junit.jupiter.api.Test;

final class RecordBatchBuilderTest {

    private static final int PLENTY = 16 << 20;
    private static final ByteBuffer VALUE = ByteBuffer.wrap(new byte[100]);

    @Test
    void uncompressedBytesAreKafkas() {
        Seeds.run(2_000, random -> {
            KafkaBatch.Frame frame = KafkaBatch.Frame.random(random).with(Compression.NONE);
            List<RecordView> contents = KafkaBatch.contents(random);

            ByteBuffer ours = write(frame, contents);

            assertThat(ours).isEqualTo(KafkaBatch.write(frame, contents));
        });
    }

    @Test
    void kafkaReadsWhatWasBuilt() {
        Seeds.run(1_000, random -> {
            KafkaBatch.Frame frame = KafkaBatch.Frame.random(random);
            List<RecordView> contents = KafkaBatch.contents(random);

            ByteBuffer ours = write(frame, contents);

            var theirs =
                    MemoryRecords.readableRecords(ours).batches().iterator().next();
            theirs.ensureValid();
            assertThat(theirs.sizeInBytes()).isEqualTo(ours.remaining());
            assertThat(KafkaBatch.read(ours)).isEqualTo(KafkaBatch.read(KafkaBatch.write(frame, contents)));
        });
    }

    @Test
    void everyLevelIsReadBack() {
        for (Compression compression : List.of(Compression.GZIP, Compression.LZ4, Compression.ZSTD)) {
            int maxLevel = compression == Compression.GZIP ? 9 : compression == Compression.LZ4 ? 17 : 22;
            for (int level = 1; level <= maxLevel; level++) {
                RecordBatchBuilder builder = new RecordBatchBuilder(PLENTY).compression(compression, level);
                builder.append(7, null, VALUE);

                ByteBuffer built = builder.build();

                assertThat(KafkaBatch.read(built)).isEqualTo(RecordReaderTest.read(RecordBatch.at(built, 0)));
            }
        }
    }

    @Test
    void refusesWhatDoesNotFitAndStaysAsItWas() {
        int one = (int) RecordBatchBuilder.batchBytes(null, VALUE, List.of());
        RecordBatchBuilder builder = new RecordBatchBuilder(one + 50);

        assertThat(builder.append(1, null, VALUE)).isTrue();
        assertThat(builder.sizeInBytes()).isEqualTo(one);
        assertThat(builder.append(2, null, VALUE)).isFalse();

        assertThat(builder.recordsCount()).isEqualTo(1);
        assertThat(builder.build().remaining()).isEqualTo(one);
    }

    @Test
    void tellsTheBytesOfOneRecordExactly() {
        Seeds.run(500, random -> {
            RecordView record = KafkaBatch.contents(random).get(0);
            RecordBatchBuilder builder = new RecordBatchBuilder(PLENTY);
            builder.append(record.timestamp(), record.key(), record.value(), record.headers());

            long told = RecordBatchBuilder.batchBytes(record.key(), record.value(), record.headers());

            assertThat(told).isEqualTo(builder.build().remaining());
        });
    }

    @Test
    void offsetsOfOnesOwnMustGrow() {
        RecordBatchBuilder builder = new RecordBatchBuilder(PLENTY).baseOffset(100);
        builder.appendAt(105, 1, null, VALUE, List.of());

        for (long offset : new long[] {99, 105, 100L + (1L << 31)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> builder.appendAt(offset, 1, null, VALUE, List.of()))
                    .withMessageContaining("record at offset " + offset);
        }
        assertThatIllegalStateException().isThrownBy(() -> builder.baseOffset(5));
        builder.append(2, null, VALUE);
        assertThat(RecordReaderTest.read(RecordBatch.at(builder.build(), 0)))
                .extracting(RecordView::offset)
                .containsExactly(105L, 106L);
    }

    @Test
    void builtBatchTakesNoMore() {
        RecordBatchBuilder builder = new RecordBatchBuilder(PLENTY);
        assertThatIllegalStateException().isThrownBy(builder::build).withMessageContaining("no record");
        builder.append(1, null, VALUE);
        builder.build();

        assertThatIllegalStateException().isThrownBy(() -> builder.append(1, null, VALUE));
        assertThatIllegalStateException().isThrownBy(builder::build);
    }

    static ByteBuffer write(KafkaBatch.Frame frame, List<RecordView> contents) {
        RecordBatchBuilder builder = new RecordBatchBuilder(PLENTY)
                .compression(frame.compression())
                .baseOffset(frame.baseOffset())
                .leaderEpoch(frame.leaderEpoch())
                .producer(frame.producerId(), frame.producerEpoch(), frame.baseSequence());
        if (frame.isTransactional()) {
            builder.transactional();
        }
        if (frame.timestampType() == TimestampType.LOG_APPEND_TIME) {
            builder.appendTime(frame.appendTime());
        }
        for (RecordView each : contents) {
            assertThat(builder.append(each.timestamp(), each.key(), each.value(), each.headers()))
                    .isTrue();
        }
        return builder.build();
    }
}
