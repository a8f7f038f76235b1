package io.thalweg.broker.cleaner;

import io.thalweg.broker.partition.LogCalls;
import io.thalweg.protocol.record.RecordBatch;
import io.thalweg.protocol.record.RecordBatches;
import io.thalweg.spi.storage.LogSlice;
import io.thalweg.spi.storage.PartitionLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Goes over the batches of a part of a log, a slice at a time, each looked at on a worker. Used once. */
final class LogWalk {

    private final PartitionLog log;
    private final int readBytes;
    private final Executor worker;
    private final long end;
    private final Visitor visitor;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private long next;

    /** Looks at the batches of one slice, which are lent until the stage completes; with false the walk ends. */
    interface Visitor {
        CompletionStage<Boolean> visit(List<RecordBatch> batches);
    }

    private LogWalk(PartitionLog log, int readBytes, Executor worker, long from, long end, Visitor visitor) {
        this.log = log;
        this.readBytes = readBytes;
        this.worker = worker;
        this.next = from;
        this.end = end;
        this.visitor = visitor;
    }

    /** How to read. */
    record Reading(PartitionLog log, int bytes, Executor worker) {

        /** Completes at the end, or where the visitor had enough; a visitor that needs to know which it was keeps that itself. */
        CompletionStage<Void> over(long from, long end, Visitor visitor) {
            var walk = new LogWalk(log, bytes, worker, from, end, visitor);
            walk.step();
            return walk.done;
        }
    }

    private void step() {
        if (next >= end) {
            done.complete(null);
            return;
        }
        attempt(() -> LogCalls.read(log, next, end, readBytes)
                .thenCompose(slice -> LogCalls.useOn(worker, slice, this::take))
                .whenComplete((taken, failure) -> {
                    if (failure != null) {
                        done.completeExceptionally(failure);
                    }
                }));
    }

    private CompletionStage<Boolean> take(LogSlice slice) {
        var batches = batches(slice);
        next = batches.isEmpty() ? end : batches.get(batches.size() - 1).nextOffset();
        var visited = visitor.visit(batches);
        visited.whenCompleteAsync((goesOn, error) -> goOn(goesOn, error), worker);
        return visited;
    }

    private void goOn(@Nullable Boolean goesOn, @Nullable Throwable error) {
        if (goesOn == null) {
            done.completeExceptionally(error == null ? new IllegalStateException("no answer") : error);
        } else if (goesOn) {
            step();
        } else {
            done.complete(null);
        }
    }

    /** What is thrown ends the walk: nobody looks at what becomes of a step. */
    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    private static List<RecordBatch> batches(LogSlice slice) {
        var batches = new ArrayList<RecordBatch>();
        RecordBatches.in(LogCalls.copyOf(slice)).forEach(batches::add);
        return batches;
    }
}
