package io.thalweg.broker.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.broker.partition.EpochHistory.End;
import io.thalweg.broker.partition.EpochHistory.Start;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EpochHistoryTest {

    private final EpochHistory history =
            EpochHistory.EMPTY.with(1, 0).with(3, 10).with(6, 25);

    @Test
    void anEpochEndsWhereTheNextBegins() {
        assertThat(history.endOf(1, 6, 40)).isEqualTo(new End(1, 10));
        assertThat(history.endOf(3, 6, 40)).isEqualTo(new End(3, 25));
    }

    @Test
    void thePresentEpochEndsAtTheLogEnd() {
        assertThat(history.endOf(6, 6, 40)).isEqualTo(new End(6, 40));
        assertThat(history.endOf(7, 7, 40)).isEqualTo(new End(7, 40));
    }

    @Test
    void anEpochThatWroteNothingEndsWhereTheGreatestBelowItDoes() {
        assertThat(history.endOf(5, 6, 40)).isEqualTo(new End(3, 25));
    }

    @Test
    void anEpochBelowTheFirstEndsWhereTheFirstBegins() {
        assertThat(history.from(12).endOf(1, 6, 40)).isEqualTo(new End(1, 12));
    }

    @Test
    void anEpochAboveTheLeadersIsUnknown() {
        assertThat(history.endOf(9, 6, 40)).isEqualTo(End.UNKNOWN);
    }

    @Test
    void aSmallerEpochChangesNothing() {
        assertThat(history.with(6, 30)).isEqualTo(history);
        assertThat(history.with(2, 30)).isEqualTo(history);
    }

    @Test
    void anEpochThatBeginsWhereAnotherDidReplacesIt() {
        assertThat(history.with(8, 25).starts()).containsExactly(new Start(1, 0), new Start(3, 10), new Start(8, 25));
    }

    @Test
    void truncationDropsWhatBeganBehind() {
        assertThat(history.below(25).starts()).containsExactly(new Start(1, 0), new Start(3, 10));
    }

    @Test
    void advancingTheStartMovesTheEpochItFallsIn() {
        assertThat(history.from(12).starts()).containsExactly(new Start(3, 12), new Start(6, 25));
        assertThat(history.epochAt(9)).isEqualTo(1);
        assertThat(history.from(12).epochAt(11)).isEqualTo(-1);
    }

    @Test
    void checkpointIsKafkasText() {
        var bytes = EpochCheckpoint.write(history);

        assertThat(StandardCharsets.UTF_8.decode(bytes.duplicate()).toString()).isEqualTo("0\n3\n1 0\n3 10\n6 25\n");
        assertThat(EpochCheckpoint.read(bytes)).hasValue(history);
    }

    @Test
    void damagedCheckpointsAreAsIfTheyWereNotThere() {
        for (var text : List.of("", "0", "0\n2\n1 0\n", "1\n0\n", "0\nx\n", "0\n1\n1\n", "0\n1\n1 0\n2 5\n")) {
            assertThat(EpochCheckpoint.read(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))))
                    .as(text)
                    .isEmpty();
        }
    }
}
