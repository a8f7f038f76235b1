package io.thalweg.broker.runtime;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/** Daemon threads named {@code name} for the first and {@code name-2}, {@code name-3}… for the next. */
public final class DaemonThreads implements ThreadFactory {

    private final String name;
    private final AtomicInteger count = new AtomicInteger();

    public DaemonThreads(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        var number = count.incrementAndGet();
        var thread = new Thread(task, number == 1 ? name : name + "-" + number);
        thread.setDaemon(true);
        return thread;
    }
}
