package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a member, one request after the other, so that the late try of an older one never takes back what a newer one has
 * committed. Those that wait for the request under way go together. Owned by the loop.
 *
 * <p>What is to be committed is asked for before each try: a partition may have been given up meanwhile.
 */
final class CommitQueue {

    private final ClientRuntime runtime;
    private final Retries retries;
    private final Once once;
    private final ArrayDeque<Pending> waiting = new ArrayDeque<>();
    private boolean isUnderWay;

    /** Commits once; completes with what was not committed because its topic is gone. */
    interface Once {
        CompletableFuture<Set<TopicPartition>> send(Map<TopicPartition, Long> offsets);
    }

    CommitQueue(ClientRuntime runtime, Retries retries, Once once) {
        this.runtime = runtime;
        this.retries = retries;
        this.once = once;
    }

    /** One commit, and what it had to commit when it was last tried. */
    private static final class Pending {
        private final Supplier<Map<TopicPartition, Long>> offsets;
        private final CompletableFuture<Map<TopicPartition, Long>> result = new CompletableFuture<>();
        private Map<TopicPartition, Long> last = Map.of();

        Pending(Supplier<Map<TopicPartition, Long>> offsets) {
            this.offsets = offsets;
        }

        Map<TopicPartition, Long> ask() {
            if (result.isDone()) {
                return Map.of();
            }
            try {
                last = offsets.get();
                return last;
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
                return Map.of();
            }
        }

        void end(Set<TopicPartition> gone, @Nullable Throwable failure) {
            var mine = last.keySet().stream().filter(gone::contains).findFirst();
            if (failure != null) {
                result.completeExceptionally(failure);
            } else if (mine.isPresent()) {
                result.completeExceptionally(ClientException.noTopic(mine.get().topic()));
            } else {
                result.complete(last);
            }
        }
    }

    /**
     * Commits what the supplier gives, on the loop, and fails with what it throws; completes with what was committed. Whoever completes it
     * before has given up: it is tried no more. Any thread.
     */
    CompletableFuture<Map<TopicPartition, Long>> commit(Supplier<Map<TopicPartition, Long>> offsets) {
        var pending = new Pending(offsets);
        var isAdded = runtime.executeUnlessEnded(() -> {
            waiting.add(pending);
            next();
        });
        if (!isAdded) {
            pending.end(Set.of(), ClientException.closed());
        }
        return pending.result;
    }

    private void next() {
        if (isUnderWay || waiting.isEmpty()) {
            return;
        }
        isUnderWay = true;
        var together = List.copyOf(waiting);
        waiting.clear();
        var unused = retries.run(() -> send(together)).whenComplete((gone, failure) -> {
            isUnderWay = false;
            together.forEach(each -> each.end(gone == null ? Set.of() : gone, failure));
            next();
        });
    }

    /** Of two that name the same partition the later counts. */
    private CompletableFuture<Set<TopicPartition>> send(List<Pending> together) {
        var offsets = new LinkedHashMap<TopicPartition, Long>();
        together.forEach(each -> offsets.putAll(each.ask()));
        return offsets.isEmpty() ? CompletableFuture.completedFuture(Set.of()) : once.send(offsets);
    }
}
