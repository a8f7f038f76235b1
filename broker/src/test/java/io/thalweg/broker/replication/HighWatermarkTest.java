package io.thalweg.broker.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class HighWatermarkTest {

    private final HighWatermark mark = new HighWatermark(5, new TreeSet<>(List.of(1, 2, 3)));

    @Test
    void itIsTheLowestAcknowledgedOffset() {
        mark.acknowledge(1, 30);
        mark.acknowledge(2, 20);
        assertThat(mark.advance(2)).isFalse();
        mark.acknowledge(3, 10);

        assertThat(mark.advance(2)).isTrue();

        assertThat(mark.offset()).isEqualTo(10);
    }

    @Test
    void itNeverGoesBack() {
        mark.acknowledge(1, 3);
        mark.acknowledge(2, 3);
        mark.acknowledge(3, 3);

        assertThat(mark.advance(2)).isFalse();

        assertThat(mark.offset()).isEqualTo(5);
    }

    @Test
    void itStandsStillWithFewerInSyncThanAskedFor() {
        mark.acknowledge(1, 30);
        mark.acknowledge(2, 30);
        mark.acknowledge(3, 30);

        assertThat(mark.advance(4)).isFalse();

        assertThat(mark.offset()).isEqualTo(5);
    }

    @Test
    void anOlderAcknowledgementChangesNothing() {
        mark.acknowledge(1, 30);
        mark.acknowledge(1, 20);
        mark.acknowledge(2, 30);
        mark.acknowledge(3, 30);

        mark.advance(1);

        assertThat(mark.offset()).isEqualTo(30);
    }
}
