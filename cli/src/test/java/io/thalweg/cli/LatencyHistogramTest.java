package io.thalweg.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

final class LatencyHistogramTest {

    @Test
    void percentilesAreWithinThreePercent() {
        var histogram = new LatencyHistogram();
        for (long nanos = 1; nanos <= 1_000_000; nanos++) {
            histogram.record(nanos);
        }

        assertThat(histogram.nanosAt(0.5)).isCloseTo(500_000L, Percentage.withPercentage(3.2));
        assertThat(histogram.nanosAt(0.99)).isCloseTo(990_000L, Percentage.withPercentage(3.2));
        assertThat(histogram.nanosAt(1)).isEqualTo(1_000_000);
        assertThat(histogram.maxNanos()).isEqualTo(1_000_000);
    }

    @Test
    void anyDurationHasABucket() {
        var histogram = new LatencyHistogram();

        histogram.record(Long.MAX_VALUE);
        histogram.record(-5);

        assertThat(histogram.count()).isEqualTo(2);
        assertThat(histogram.nanosAt(0.5)).isZero();
        assertThat(histogram.nanosAt(1)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void nothingRecordedIsZero() {
        assertThat(new LatencyHistogram().nanosAt(0.99)).isZero();
    }
}
