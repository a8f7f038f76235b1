package io.thalweg.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.runtime.Patience;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class StepsTest {

    private final CompletableFuture<String> step = new CompletableFuture<>();
    private final CompletableFuture<Void> givenUp = new CompletableFuture<>();
    private final AtomicInteger waits = new AtomicInteger();

    @AfterEach
    void clearsTheInterrupt() {
        assertThat(Thread.interrupted()).isFalse();
    }

    /** Waits no time at all, and has something done each time. */
    private Steps waiting(Runnable meanwhile) {
        var patience = new Patience() {
            @Override
            public <T> T await(CompletionStage<T> stage, long limitMillis)
                    throws InterruptedException, ExecutionException, TimeoutException {
                waits.incrementAndGet();
                meanwhile.run();
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                var future = stage.toCompletableFuture();
                if (!future.isDone()) {
                    throw new TimeoutException();
                }
                return future.get();
            }

            @Override
            public void runToTheEnd(Runnable task) {
                task.run();
            }
        };
        return new Steps(patience, givenUp);
    }

    @Test
    void aStepThatFailsIsNamedWithItsCause() {
        step.completeExceptionally(new IOException("no space"));

        assertThatThrownBy(() -> waiting(() -> {}).finish(step, "opening the metadata log"))
                .hasMessage("opening the metadata log did not succeed: no space")
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void aStepThatTakesTooLongIsNamedWithItsLimit() {
        assertThatThrownBy(() -> waiting(() -> {}).finish(step, 20, "stopping the cleaner"))
                .hasMessage("stopping the cleaner was not done after 20 s");
    }

    @Test
    void whatTakesLongIsWaitedForUntilItIsDone() {
        var steps = waiting(() -> {
            if (waits.get() == 1_000) {
                step.complete("done");
            }
        });

        assertThat(steps.finish(step, "registration", () -> waits + " waits")).isEqualTo("done");
    }

    @Test
    void aStartThatIsGivenUpWaitsNoLonger() {
        var steps = waiting(() -> {
            if (waits.get() == 3) {
                givenUp.complete(null);
            }
        });

        assertThatThrownBy(() -> steps.finish(step, "registration", () -> waits + " waits"))
                .isInstanceOf(CancellationException.class)
                .hasMessageContaining("registration");
    }

    @Test
    void anInterruptEndsTheWaitAndIsKept() {
        var steps = waiting(Thread.currentThread()::interrupt);

        assertThatThrownBy(() -> steps.finish(step, "listening")).hasMessage("listening was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }
}
