package io.thalweg.broker.runtime;

import com.lmax.disruptor.EventProcessor;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A thread for one ring. Only {@link #isCurrent} is for any thread: each that is not the loop's may see no thread yet. */
public final class OwnThread implements RingThread {

    private static final long END_LIMIT_MILLIS = 10_000;

    private final ThreadFactory threads;
    private final WaitStrategy waitStrategy;
    private @Nullable EventProcessor loop;
    private @Nullable Thread thread;

    /** One that is not running yet. */
    public OwnThread(ThreadFactory threads, WaitStrategy waitStrategy) {
        this.threads = threads;
        this.waitStrategy = waitStrategy;
    }

    @Override
    public WaitStrategy waitStrategy() {
        return waitStrategy;
    }

    @Override
    public void start(EventProcessor newLoop) {
        loop = newLoop;
        var starting = threads.newThread(newLoop);
        thread = starting;
        starting.start();
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public void end(Executor ring) {
        var ending = thread;
        if (ending == null || loop == null || !ending.isAlive()) {
            return;
        }
        var drained = new CompletableFuture<@Nullable Void>();
        ring.execute(() -> drained.complete(null));
        drained.completeOnTimeout(null, END_LIMIT_MILLIS, TimeUnit.MILLISECONDS).join();
        loop.halt();
        try {
            ending.join(END_LIMIT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
