package io.thalweg.integration.processes;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Servers that form a cluster and may be struck. Owned by the test. */
interface StrikableCluster {

    List<? extends StrikableServer> servers();

    String bootstrap();

    /** Starts those that do not run, all at once, and waits until they serve. */
    default void startAll() {
        forAll(StrikableServer::start);
    }

    /** SIGKILL for all of them. */
    default void killAll() {
        forAll(StrikableServer::kill);
    }

    private void forAll(Consumer<StrikableServer> step) {
        var steps = servers().stream()
                .map(server -> CompletableFuture.runAsync(() -> step.accept(server), task -> new Thread(task).start()))
                .toList();
        CompletableFuture.allOf(steps.toArray(CompletableFuture[]::new))
                .orTimeout(120, TimeUnit.SECONDS)
                .join();
    }
}
