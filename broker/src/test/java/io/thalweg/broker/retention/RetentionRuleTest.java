package io.thalweg.broker.retention;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.config.RetentionConfig;
import io.thalweg.spi.storage.LogSegment;
import java.util.List;
import org.junit.jupiter.api.Test;

final class RetentionRuleTest {

    private static final long NOW = 10_000;
    private static final long UNLIMITED = -1;

    /** Three segments of 100 bytes and ten offsets, the last one appended to, with timestamps a second apart. */
    private static final List<LogSegment> SEGMENTS = List.of(
            new LogSegment(0, 10, 100, 7_000), new LogSegment(10, 20, 100, 8_000), new LogSegment(20, 30, 100, 9_000));

    private static int dropped(long millis, long bytes) {
        return dropped(millis, bytes, 30, SEGMENTS);
    }

    private static int dropped(long millis, long bytes, long highWatermark, List<LogSegment> segments) {
        return new RetentionRule(new RetentionConfig(true, millis, bytes), NOW, highWatermark).droppedCount(segments);
    }

    @Test
    void withoutLimitsNothingGoes() {
        assertThat(dropped(UNLIMITED, UNLIMITED)).isZero();
    }

    @Test
    void aLogThatIsOnlyCompactedKeepsEverything() {
        var rule = new RetentionRule(new RetentionConfig(false, 0, 0), NOW, 30);

        assertThat(rule.droppedCount(SEGMENTS)).isZero();
    }

    @Test
    void segmentsGoWhoseNewestRecordIsOlderThanTheLimit() {
        assertThat(dropped(3_000, UNLIMITED)).isZero();
        assertThat(dropped(2_999, UNLIMITED)).isEqualTo(1);
        assertThat(dropped(1_500, UNLIMITED)).isEqualTo(2);
    }

    @Test
    void theSegmentThatIsAppendedToGoesWhenAllAreOld() {
        assertThat(dropped(999, UNLIMITED)).isEqualTo(3);
    }

    @Test
    void anEmptyLastSegmentStays() {
        var rolled = List.of(SEGMENTS.get(0), new LogSegment(10, 10, 0, -1));

        assertThat(dropped(0, 0, 10, rolled)).isEqualTo(1);
        assertThat(dropped(0, 0, 10, rolled.subList(1, 2))).isZero();
    }

    @Test
    void aYoungSegmentKeepsOlderOnesBehindIt() {
        var outOfOrder = List.of(SEGMENTS.get(2), SEGMENTS.get(0), SEGMENTS.get(1));

        assertThat(dropped(1_500, UNLIMITED, 30, outOfOrder)).isZero();
    }

    @Test
    void segmentsWithoutTimestampsAreAsOldAsTheirLastAppend() {
        var untimed = List.of(new LogSegment(0, 10, 100, -1, 7_000), new LogSegment(10, 20, 100, -1, 9_000));

        assertThat(dropped(3_000, UNLIMITED, 30, untimed)).isZero();
        assertThat(dropped(2_999, UNLIMITED, 30, untimed)).isEqualTo(1);
    }

    @Test
    void segmentsOfUnknownAgeAreNeverOld() {
        assertThat(dropped(0, UNLIMITED, 30, List.of(new LogSegment(0, 10, 100, -1))))
                .isZero();
    }

    @Test
    void segmentsThatCompactionEmptiedGoWithTheOldOnes() {
        var emptied = List.of(new LogSegment(0, 10, 0, -1), SEGMENTS.get(1), SEGMENTS.get(2));

        assertThat(dropped(1_500, UNLIMITED, 30, emptied)).isEqualTo(2);
    }

    @Test
    void theOldestGoWhileAtLeastTheLimitIsLeft() {
        assertThat(dropped(UNLIMITED, 300)).isZero();
        assertThat(dropped(UNLIMITED, 201)).isZero();
        assertThat(dropped(UNLIMITED, 200)).isEqualTo(1);
        assertThat(dropped(UNLIMITED, 50)).isEqualTo(2);
        assertThat(dropped(UNLIMITED, 0)).isEqualTo(3);
    }

    @Test
    void whatIsNotReplicatedStays() {
        assertThat(dropped(0, 0, 29, SEGMENTS)).isEqualTo(2);
        assertThat(dropped(0, 0, 19, SEGMENTS)).isEqualTo(1);
        assertThat(dropped(0, 0, 0, SEGMENTS)).isZero();
    }

    @Test
    void anEmptyLogHasNothingToLetGo() {
        assertThat(dropped(0, 0, 0, List.of())).isZero();
    }
}
