package io.thalweg.simulation.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ReplicaNotesTest {

    private static final BatchNote FIRST = new BatchNote(0, 4, 0, 1, 11);
    private static final BatchNote SECOND = new BatchNote(5, 7, 0, 2, 12);
    private static final BatchNote THIRD = new BatchNote(8, 10, 0, 3, 13);

    private final ReplicaNotes notes = new ReplicaNotes();

    private void open(long durableEnd) {
        notes.opened(List.of(FIRST, SECOND, THIRD), 0, () -> durableEnd);
    }

    @Test
    void whatIsBeingCutIsNotHeld() {
        open(11);

        notes.cutBegan(5);

        assertThat(notes.all()).containsExactly(FIRST);
    }

    @Test
    void whatACutHasTakenStaysGone() {
        open(11);

        notes.cutBegan(5);
        notes.cutEnded();

        assertThat(notes.all()).containsExactly(FIRST);
        assertThat(notes.isBeingCut()).isFalse();
    }

    @Test
    void whatACutThatFailedHasLeftIsHeld() {
        open(11);

        notes.cutBegan(5);
        notes.cutFailed(8);

        assertThat(notes.all()).containsExactly(FIRST, SECOND);
        assertThat(notes.holdsDurably(SECOND)).isTrue();
        assertThat(notes.isBeingCut()).isTrue();
    }

    @Test
    void whatACutThatFailedHasLeftIsDurableAsFarAsTheLogSays() {
        open(5);

        notes.cutBegan(5);
        notes.cutFailed(11);

        assertThat(notes.all()).containsExactly(FIRST, SECOND, THIRD);
        assertThat(notes.holdsDurably(FIRST)).isTrue();
        assertThat(notes.holdsDurably(SECOND)).isFalse();
    }
}
