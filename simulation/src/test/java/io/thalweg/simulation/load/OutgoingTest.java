package io.thalweg.simulation.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.record.RecordBatch;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class OutgoingTest {

    private static final Outgoing.Producer PRODUCER = new Outgoing.Producer(2001, (short) 3);

    private static Outgoing batch(int sequence, String... texts) {
        return new Outgoing(PRODUCER, sequence, 1_700_000_000_000L + sequence, contents(texts));
    }

    private static List<Outgoing.Content> contents(String... texts) {
        return Stream.of(texts).map(text -> new Outgoing.Content(null, text)).toList();
    }

    private static RecordBatch built(Outgoing batch) {
        return RecordBatch.at(batch.bytes(), 0);
    }

    @Test
    void batchesBehindAGapFollowOnTheOnesBeforeIt() {
        var left = List.of(batch(31, "a", "b", "c"), batch(34, "d"), batch(42, "e", "f"), batch(44, "g"));

        var next = Outgoing.closeGaps(left);

        assertThat(next).isEqualTo(38);
        assertThat(left).extracting(Outgoing::sequence).containsExactly(31, 34, 35, 37);
        assertThat(left).extracting(batch -> built(batch).baseSequence()).containsExactly(31, 34, 35, 37);
        assertThat(left).allSatisfy(batch -> {
            assertThat(built(batch).producerId()).isEqualTo(2001);
            assertThat(built(batch).producerEpoch()).isEqualTo((short) 3);
            assertThat(built(batch).crcIsValid()).isTrue();
        });
        assertThat(left).extracting(Outgoing::serial).contains(1_700_000_000_042L);
    }

    @Test
    void batchesWithoutAGapStayAsTheyAre() {
        var left = List.of(batch(7, "a", "b"), batch(9, "c"));
        var bytes = left.stream().map(Outgoing::bytes).toList();

        assertThat(Outgoing.closeGaps(left)).isEqualTo(10);

        assertThat(left).extracting(Outgoing::bytes).isEqualTo(bytes);
    }

    @Test
    void aBatchOfNoProducerHasNoSequence() {
        var batch = new Outgoing(new Outgoing.Producer(-1, (short) -1), 5, 1, contents("a"));

        assertThat(built(batch).baseSequence()).isEqualTo(RecordBatch.NO_SEQUENCE);
    }

    @Test
    void nothingNewIsSentBehindWhatWasRefused() {
        var refused = batch(0, "a");
        var sent = batch(1, "b");
        var next = batch(2, "c");
        var left = List.of(refused, sent, next);
        refused.setInFlight(true);
        sent.setInFlight(true);

        refused.setInFlight(false);
        sent.setInFlight(false);
        refused.refused();

        assertThat(left).extracting(batch -> batch.maySend(left)).containsExactly(true, true, false);
    }
}
