package io.thalweg.storage.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SharedWorkTest {

    private static final List<Integer> ITEMS = IntStream.range(0, 1_000).boxed().toList();

    @Test
    void eachIsDoneOnceWithHelp() throws Exception {
        var done = new ConcurrentLinkedQueue<Integer>();
        var pool = Executors.newFixedThreadPool(3);
        try {
            SharedWork.forEach(ITEMS, pool, done::add);

            assertThat(done).containsExactlyInAnyOrderElementsOf(ITEMS);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void aPoolThatRunsLaterFindsNothingToDo() throws Exception {
        var later = new ArrayList<Runnable>();
        var done = new ArrayList<Integer>();

        SharedWork.forEach(ITEMS, later::add, done::add);

        assertThat(done).isEqualTo(ITEMS);
        assertThat(later).isNotEmpty();
        later.forEach(Runnable::run);
        assertThat(done).isEqualTo(ITEMS);
    }

    @Test
    void nothingIsDoneAboutNothing() throws Exception {
        SharedWork.forEach(List.of(), task -> {}, item -> {
            throw new IOException("nobody asked");
        });
    }

    @Test
    void whatAStepThrowsIsThrownAndNoOtherBegins() {
        var done = new ArrayList<Integer>();

        assertThatThrownBy(() -> SharedWork.forEach(ITEMS, task -> {}, item -> {
                    if (item == 3) {
                        throw new IOException("at 3");
                    }
                    done.add(item);
                }))
                .isInstanceOf(IOException.class)
                .hasMessage("at 3");

        assertThat(done).containsExactly(0, 1, 2);
    }
}
