package io.thalweg.tck.coordination;

import io.thalweg.spi.coordination.Leadership;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.tck.coordination.LogHistory.Leader;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** An open log with a listener that keeps all it hears. Owned by the test's thread. */
final class Member implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(1);

    private final MetadataLog log;
    private final LogHistory history = new LogHistory();

    Member(MetadataLog log) {
        this.log = log;
    }

    MetadataLog log() {
        return log;
    }

    LogHistory history() {
        return history;
    }

    /** Subscribes, and waits until this member leads. */
    Leadership lead() {
        log.subscribe(history);
        awaitThat("member leads", () -> leadership().isPresent());
        return leadership().orElseThrow();
    }

    /** Waits until the claim holds. */
    void awaitThat(String claim, BooleanSupplier holds) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(claim + ": not so within " + LIMIT + ", heard " + history.events());
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** What it was told of leadership last. */
    Optional<Leadership> told() {
        return history.events().stream()
                .filter(Leader.class::isInstance)
                .map(event -> ((Leader) event).leadership())
                .reduce((older, newer) -> newer);
    }

    /** The newest leadership, if it is this member's. */
    Optional<Leadership> leadership() {
        return told().filter(Leadership::isLocal);
    }

    int epoch() {
        return leadership().orElseThrow().epoch();
    }

    CompletionStage<Long> propose(String... records) {
        return log.propose(epoch(), LogHistory.buffers(List.of(records)));
    }

    long commit(String... records) {
        return await(propose(records));
    }

    /** The result; what the stage failed with is thrown as it is. */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new AssertionError("stage failed with other than a RuntimeException", e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError("stage did not complete within " + LIMIT, e);
        }
    }

    @Override
    public void close() {
        log.close();
    }
}
