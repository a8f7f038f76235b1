package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Lanes whose workers are this test: it takes their tasks one by one. */
final class KeyLanesTest {

    private static final TopicPartition PARTITION = new TopicPartition("flights", 0);

    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final List<HandledRecord> begun = new ArrayList<>();
    private final KeyLanes lanes = new KeyLanes(tasks::add, 3, begun::add);
    private long nextOffset;
    private int tenure = 1;

    @BeforeEach
    void own() {
        lanes.own(Map.of(PARTITION, 0L), tenure);
    }

    private boolean admit(@Nullable String key) throws InterruptedException {
        var bytes = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
        return lanes.admit(new InboundRecord(PARTITION, nextOffset++, 0, bytes, null, List.of()), tenure);
    }

    private List<Long> runAll() {
        tasks.forEach(Runnable::run);
        tasks.clear();
        return begun.stream().map(each -> each.record().offset()).toList();
    }

    @Test
    void recordsOfAKeyRunOneAfterTheOther() throws InterruptedException {
        assertThat(admit("a")).isTrue();
        assertThat(admit("a")).isTrue();
        assertThat(admit("b")).isTrue();
        assertThat(runAll()).containsExactly(0L, 2L);

        lanes.ended(begun.get(0), true);

        assertThat(runAll()).containsExactly(0L, 2L, 1L);
    }

    @Test
    void recordsWithoutAKeyRunBesideEachOther() throws InterruptedException {
        assertThat(admit(null)).isTrue();
        assertThat(admit(null)).isTrue();

        assertThat(runAll()).containsExactly(0L, 1L);
    }

    @Test
    void oneThatIsTriedAgainHoldsUpItsKeyOnly() throws InterruptedException {
        assertThat(admit("a")).isTrue();
        assertThat(admit("a")).isTrue();
        assertThat(admit("b")).isTrue();
        runAll();

        lanes.paused(begun.get(0));
        assertThat(runAll()).containsExactly(0L, 2L);
        lanes.again(begun.get(0));

        assertThat(runAll()).containsExactly(0L, 2L, 0L);
    }

    @Test
    void aPartitionIsQuietOnceWhatRunsHasEnded() throws InterruptedException {
        assertThat(admit("a")).isTrue();
        assertThat(admit("a")).isTrue();
        runAll();

        var quiet = lanes.giveUp(Set.of(PARTITION));
        assertThat(quiet).isNotDone();
        lanes.ended(begun.get(0), true);

        assertThat(quiet).isDone();
        assertThat(runAll()).containsExactly(0L);
        assertThat(lanes.committable(Set.of(PARTITION))).containsEntry(PARTITION, 1L);
        assertThat(admit("a")).isFalse();
    }

    @Test
    void nothingIsKeptOfAWaitThatWasGivenUp() throws InterruptedException {
        assertThat(admit("a")).isTrue();
        runAll();
        var quiet = lanes.giveUp(Set.of(PARTITION));
        assertThat(lanes.drainingCount()).isEqualTo(1);
        quiet.complete(null);

        lanes.ended(begun.get(0), true);

        assertThat(lanes.drainingCount()).isZero();
    }

    @Test
    void recordsReadBeforeAPartitionWasLostAreNotAdmittedOnceItIsBack() throws InterruptedException {
        assertThat(admit("a")).isTrue();
        var unused = lanes.giveUp(Set.of(PARTITION));
        lanes.forget(Set.of(PARTITION));

        lanes.own(Map.of(PARTITION, 0L), tenure + 1);

        assertThat(admit("b")).isFalse();
        assertThat(lanes.committable(Set.of(PARTITION))).isEmpty();
        tenure++;
        nextOffset = 0;
        assertThat(admit("c")).isTrue();
    }

    @Test
    void anEndAdmitsNothing() throws InterruptedException {
        var quiet = lanes.end();

        assertThat(quiet).isDone();
        assertThat(admit("a")).isFalse();
    }
}
