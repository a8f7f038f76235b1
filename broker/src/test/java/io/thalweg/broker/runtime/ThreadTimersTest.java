package io.thalweg.broker.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ThreadTimersTest {

    @Test
    void aTaskRunsOnce() throws Exception {
        var ran = new CompletableFuture<String>();
        try (var timers = new ThreadTimers("some-timers")) {
            timers.schedule(0, () -> ran.complete(Thread.currentThread().getName()));

            assertThat(ran.get(30, TimeUnit.SECONDS)).isEqualTo("some-timers");
        }
    }

    @Test
    void whatIsScheduledAfterTheEndNeverRuns() {
        var timers = new ThreadTimers("ended-timers");
        timers.close();

        var timer = timers.schedule(0, () -> {
            throw new AssertionError("ran after the end");
        });

        timer.cancel();
    }

    @Test
    void aTaskThatThrowsDoesNotStopOthers() throws Exception {
        var ran = new CompletableFuture<Boolean>();
        try (var timers = new ThreadTimers("throwing-timers")) {
            timers.schedule(0, () -> {
                throw new IllegalStateException("thrown by a task, as the test wants");
            });
            timers.schedule(0, () -> ran.complete(true));

            assertThat(ran.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
