package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import org.junit.jupiter.api.Test;

final class OffsetProgressTest {

    private final OffsetProgress progress = new OffsetProgress(new TopicPartition("flights", 0), 1, 10);

    @Test
    void onlyWhatIsDoneWithoutAGapMayBeCommitted() {
        var first = progress.add(10);
        var second = progress.add(12);
        var third = progress.add(13);

        progress.done(third);
        progress.done(second);
        assertThat(progress.hasUncommitted()).isFalse();
        assertThat(progress.committable()).isEqualTo(10);

        progress.done(first);
        assertThat(progress.committable()).isEqualTo(14);
    }

    @Test
    void whatShowsNoRecordsIsDoneOnceTheRecordsBeforeItAre() {
        progress.skipTo(20);
        assertThat(progress.committable()).isEqualTo(20);
        var record = progress.add(20);
        progress.skipTo(30);
        assertThat(progress.committable()).isEqualTo(20);

        progress.done(record);

        assertThat(progress.committable()).isEqualTo(30);
    }

    @Test
    void whatIsCommittedNeedNotBeAgain() {
        progress.done(progress.add(10));
        assertThat(progress.hasUncommitted()).isTrue();

        progress.committed(11);

        assertThat(progress.hasUncommitted()).isFalse();
    }
}
