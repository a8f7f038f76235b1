package io.thalweg.simulation.world;

import io.thalweg.broker.runtime.Patience;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Lets the time of the simulation pass while a fiber waits. */
final class FiberPatience implements Patience {

    private final SimulatedProcess process;

    FiberPatience(SimulatedProcess process) {
        this.process = process;
    }

    @Override
    public <T> T await(CompletionStage<T> stage, long limitMillis)
            throws InterruptedException, ExecutionException, TimeoutException {
        var fiber = Fiber.current();
        var future = stage.toCompletableFuture();
        if (!future.isDone()) {
            var isWoken = new boolean[1];
            Runnable wakeOnce = () -> {
                if (!isWoken[0]) {
                    isWoken[0] = true;
                    fiber.wake();
                }
            };
            var limit = process.timers().schedule(TimeUnit.MILLISECONDS.toNanos(limitMillis), wakeOnce);
            stage.whenComplete((done, failed) -> wakeOnce.run());
            fiber.sleep();
            limit.cancel();
        }
        if (!future.isDone()) {
            throw new TimeoutException();
        }
        return future.get();
    }

    @Override
    public void runToTheEnd(Runnable task) {
        task.run();
    }
}
