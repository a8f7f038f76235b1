package io.thalweg.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * Tries again what failed for a passing reason, less and less often, until time is up or the client is closed. Owned by the loop. What is
 * under way is bounded by who asks.
 */
final class Retries {

    private static final long FIRST_BACKOFF_NANOS = Duration.ofMillis(20).toNanos();
    private static final long MAX_BACKOFF_NANOS = Duration.ofSeconds(1).toNanos();

    private final ClientRuntime runtime;
    private final long limitNanos;

    /** Results may be cancelled on any thread. */
    private final Map<Long, CompletableFuture<?>> underWay = new ConcurrentHashMap<>();

    private long begunCount;
    private boolean isClosed;

    Retries(ClientRuntime runtime, Duration limit) {
        this.runtime = runtime;
        this.limitNanos = limit.toNanos();
    }

    /** The pause before the try after so many failed ones: doubles up to a second, and varies by a fifth. */
    static long backoffNanos(int failedTries, ClientRuntime runtime) {
        var doubled = FIRST_BACKOFF_NANOS << Math.min(failedTries, 10);
        var capped = Math.min(MAX_BACKOFF_NANOS, doubled);
        return (long) (capped * (0.8 + 0.4 * runtime.random().nextDouble()));
    }

    /** The same, but no longer than the time that is left. */
    static long backoffNanos(int failedTries, long leftNanos, ClientRuntime runtime) {
        return Math.min(leftNanos, backoffNanos(failedTries, runtime));
    }

    /** Runs the attempt on the loop until it succeeds, fails for good or time is up; from any thread. */
    <T> CompletableFuture<T> run(Supplier<CompletableFuture<T>> attempt) {
        var result = new CompletableFuture<T>();
        var deadline = runtime.clock().nanos() + limitNanos;
        if (!runtime.executeUnlessEnded(() -> begin(attempt, deadline, result))) {
            result.completeExceptionally(ClientException.closed());
        }
        return result;
    }

    private <T> void begin(Supplier<CompletableFuture<T>> attempt, long deadline, CompletableFuture<T> result) {
        if (isClosed) {
            result.completeExceptionally(ClientException.closed());
            return;
        }
        var number = begunCount++;
        underWay.put(number, result);
        var unused = result.whenComplete((value, failure) -> underWay.remove(number));
        attempt(attempt, 0, deadline, result);
    }

    private <T> void attempt(
            Supplier<CompletableFuture<T>> attempt, int failedTries, long deadline, CompletableFuture<T> result) {
        if (result.isDone()) {
            return;
        }
        var unused = started(attempt).whenComplete((value, failure) -> {
            if (failure == null) {
                result.complete(value);
                return;
            }
            var reason = ClientException.from(failure);
            var backoff = backoffNanos(failedTries, runtime);
            if (!reason.isRetriable()) {
                result.completeExceptionally(reason);
            } else if (runtime.clock().nanos() + backoff - deadline > 0) {
                result.completeExceptionally(gaveUp(reason));
            } else {
                runtime.after(backoff, () -> attempt(attempt, failedTries + 1, deadline, result));
            }
        });
    }

    private static <T> CompletableFuture<T> started(Supplier<CompletableFuture<T>> attempt) {
        try {
            return attempt.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Fails what is under way or waits to be tried again: timers of a client that has ended never run. */
    void close() {
        assert runtime.isCurrent();
        isClosed = true;
        underWay.values().forEach(result -> result.completeExceptionally(ClientException.closed()));
    }

    private ClientException gaveUp(ClientException last) {
        var seconds = limitNanos / 1e9;
        return new ClientException(
                last.code(), last.getMessage() + "; tried for " + (Math.round(seconds * 10) / 10.0) + " s", last);
    }
}
