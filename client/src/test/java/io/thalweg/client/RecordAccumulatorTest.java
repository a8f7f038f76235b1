package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import io.thalweg.client.RecordAccumulator.Added;
import io.thalweg.spi.runtime.Clock;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class RecordAccumulatorTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 0);

    private int askedCount;
    private final RecordAccumulator accumulator = new RecordAccumulator(BatchConfig.DEFAULT, new CountingClock());

    private final class CountingClock implements Clock {

        @Override
        public long millis() {
            askedCount++;
            return 0;
        }

        @Override
        public long nanos() {
            askedCount++;
            return 0;
        }
    }

    private Added add() {
        var record = new OutboundRecord(
                PARTITION.topic(),
                OptionalInt.empty(),
                null,
                ByteBuffer.wrap(new byte[100]),
                List.of(),
                OptionalLong.empty());
        return accumulator.add(PARTITION, record, 1_000, Delivery.IGNORED, true);
    }

    @Test
    void aRecordThatJoinsABatchNeedsNoTime() {
        assertThat(add()).isEqualTo(Added.NEW_BATCH);
        var askedForTheFirst = askedCount;

        assertThat(add()).isEqualTo(Added.QUIETLY);

        assertThat(askedCount).isEqualTo(askedForTheFirst);
    }
}
