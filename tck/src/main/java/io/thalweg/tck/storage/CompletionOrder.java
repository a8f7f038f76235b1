package io.thalweg.tck.storage;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The order in which stages complete, each by its number. Owned by the test's thread; the stages complete on any. */
final class CompletionOrder {

    private final List<CompletionStage<Void>> watched = new ArrayList<>();
    private final ConcurrentLinkedQueue<Integer> completed = new ConcurrentLinkedQueue<>();

    /** Gives the stage the next number. */
    void watch(CompletionStage<Void> stage) {
        var number = watched.size();
        watched.add(stage.thenRun(() -> completed.add(number)));
    }

    /** The numbers in the order of completion, once all have completed. */
    List<Integer> awaited() {
        watched.forEach(Stages::await);
        return List.copyOf(completed);
    }
}
