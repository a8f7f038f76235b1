package io.thalweg.storage.file;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The commits of a log directory. One round makes durable what all those need who asked before it began; while it is on, those who ask
 * gather for the next. All are told in the order they asked. Any thread.
 */
final class CommitQueue {

    private final LogDirectory directory;
    private final DiskFailure failures;

    /** One thread, on which rounds begin. */
    private final Executor rounds;

    private final Executor syncers;

    /** Who asked since the last round began, oldest first. */
    @GuardedBy("this") private List<Commit> gathering = new ArrayList<>();

    @GuardedBy("this") private boolean isRunning;

    CommitQueue(LogDirectory directory, Executor rounds, LogRuntime runtime) {
        this.directory = directory;
        this.failures = runtime.failures();
        this.rounds = rounds;
        this.syncers = runtime.syncers();
    }

    private record Commit(List<FileLog> logs, CompletableFuture<Void> done) {}

    /** Completes when what was appended to the logs before this call is durable, and after the stages of those who asked before. */
    CompletionStage<Void> join(List<FileLog> logs) {
        logs.forEach(FileLog::commitAsked);
        var mine = new Commit(logs, new CompletableFuture<>());
        if (gather(mine)) {
            rounds.execute(this::runAll);
        }
        return mine.done();
    }

    /** Whether the caller has to start the rounds. */
    private synchronized boolean gather(Commit commit) {
        gathering.add(commit);
        var isFirst = !isRunning;
        isRunning = true;
        return isFirst;
    }

    private synchronized @Nullable List<Commit> next() {
        if (gathering.isEmpty()) {
            isRunning = false;
            return null;
        }
        var round = gathering;
        gathering = new ArrayList<>();
        return round;
    }

    /** Runs rounds until nobody waits, or until one goes on on other threads. */
    private void runAll() {
        for (var round = next(); round != null; round = next()) {
            var outcome = new Outcome(round);
            if (!run(outcome)) {
                return;
            }
            outcome.tell();
        }
    }

    /** Whether the round is over; if not, the rounds go on when it is. */
    private boolean run(Outcome outcome) {
        var dirty = outcome.dirty(directory.isOffline());
        List<LogSync> rest;
        try {
            rest = directory.isOffline() ? dirty : directory.journal().commit(dirty);
        } catch (IOException e) {
            dirty.forEach(log -> outcome.failed(log, failures.of("write of the journal", e)));
            return true;
        } catch (RuntimeException | Error e) {
            dirty.forEach(log -> outcome.failed(log, e));
            return true;
        }
        if (rest.size() > 1 && !directory.isOffline()) {
            syncSideBySide(rest, outcome);
            return false;
        }
        rest.forEach(log -> sync(log, outcome));
        return true;
    }

    private void syncSideBySide(List<LogSync> logs, Outcome outcome) {
        var left = new AtomicInteger(logs.size());
        for (var log : logs) {
            syncers.execute(() -> {
                sync(log, outcome);
                if (left.decrementAndGet() == 0) {
                    outcome.tell();
                    runAll();
                }
            });
        }
    }

    private void sync(LogSync log, Outcome outcome) {
        try {
            log.syncNow();
        } catch (IOException e) {
            outcome.failed(log, failures.of("commit", e));
        } catch (RuntimeException | Error e) {
            outcome.failed(log, e);
        }
    }

    /** What becomes of a round. Any thread. */
    private static final class Outcome {

        private final List<Commit> commits;

        @GuardedBy("this") private final Map<LogSync, Throwable> failures = new LinkedHashMap<>();

        Outcome(List<Commit> commits) {
            this.commits = commits;
        }

        /** The logs of the round that have something to be made durable, or all. */
        List<LogSync> dirty(boolean all) {
            var logs = new LinkedHashMap<LogSync, Boolean>();
            for (var commit : commits) {
                for (var log : commit.logs()) {
                    if (all || !log.isDurable()) {
                        logs.put(log.sync(), true);
                    }
                }
            }
            return new ArrayList<>(logs.keySet());
        }

        synchronized void failed(LogSync log, Throwable failure) {
            failures.put(log, failure);
        }

        void tell() {
            for (var commit : commits) {
                var failure = failureOf(commit);
                if (failure == null) {
                    commit.done().complete(null);
                } else {
                    commit.done().completeExceptionally(failure);
                }
                commit.logs().forEach(FileLog::commitTold);
            }
        }

        private synchronized @Nullable Throwable failureOf(Commit commit) {
            for (var log : commit.logs()) {
                var failure = failures.get(log.sync());
                if (failure != null) {
                    return failure;
                }
            }
            return null;
        }
    }
}
