package io.thalweg.broker.cleaner;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.storage.Checkpoint;
import io.thalweg.spi.storage.Checkpoints;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

final class CleanerCheckpointTest {

    /** Saved ones that nothing is added to. */
    private record Saved(List<Checkpoint> all) implements Checkpoints {

        @Override
        public CompletionStage<Void> save(Checkpoint checkpoint) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Optional<Checkpoint>> latest(String name, long atMost) {
            return CompletableFuture.completedStage(all.stream()
                    .filter(each -> each.name().equals(name) && each.offset() <= atMost)
                    .max(Comparator.comparingLong(Checkpoint::offset)));
        }

        @Override
        public CompletionStage<Void> removeAbove(long offset) {
            throw new UnsupportedOperationException();
        }
    }

    private static CleanerProgress latest(Checkpoint... saved) {
        return CleanerCheckpoint.latest(new Saved(List.of(saved)))
                .toCompletableFuture()
                .join();
    }

    private static String text(Checkpoint checkpoint) {
        return StandardCharsets.US_ASCII.decode(checkpoint.bytes().duplicate()).toString();
    }

    @Test
    void aLogIsDirtyAsLongAsNothingIsNoted() {
        assertThat(latest()).isEqualTo(CleanerProgress.at(0));
    }

    @Test
    void aCleaningUnderWayCountsUntilTheMarkHasReachedItsEnd() {
        var mark = CleanerCheckpoint.of(CleanerProgress.at(40));
        var underWay = new CleanerProgress(40, 90, 60);

        assertThat(latest(mark)).isEqualTo(CleanerProgress.at(40));
        assertThat(latest(mark, CleanerCheckpoint.of(underWay))).isEqualTo(underWay);
        assertThat(latest(CleanerCheckpoint.of(underWay), CleanerCheckpoint.of(CleanerProgress.at(90))))
                .isEqualTo(CleanerProgress.at(90));
    }

    @Test
    void aCleaningUnderWayDoesNotTakeTheMarkBack() {
        var underWay = CleanerCheckpoint.of(new CleanerProgress(10, 100, 30));

        assertThat(latest(underWay, CleanerCheckpoint.of(CleanerProgress.at(70))))
                .isEqualTo(new CleanerProgress(70, 100, 30));
    }

    @Test
    void eachLiesAtTheOffsetUpToWhichItSpeaks() {
        var mark = CleanerCheckpoint.of(CleanerProgress.at(40));
        var underWay = CleanerCheckpoint.of(new CleanerProgress(40, 90, 60));

        assertThat(mark.offset()).isEqualTo(40);
        assertThat(text(mark)).isEqualTo("0\n40\n");
        assertThat(underWay.offset()).isEqualTo(90);
        assertThat(text(underWay)).isEqualTo("0\n40\n60\n");
    }

    @Test
    void whatCannotBeReadOrCannotBeIsPassedOver() {
        for (var text : List.of(
                "",
                "1\n40\n60\n",
                "0\n40\n",
                "0\n40\n-1\n",
                "0\n40\n99999999999999999999\n",
                "0\n40\n91\n",
                "0\n91\n60\n")) {
            var note = new Checkpoint(
                    CleanerCheckpoint.UNDER_WAY, 90, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));

            assertThat(latest(note)).isEqualTo(CleanerProgress.at(0));
        }
    }
}
