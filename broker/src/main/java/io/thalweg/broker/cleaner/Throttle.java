package io.thalweg.broker.cleaner;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

/** Lets so many bytes pass in a second. Any thread. */
final class Throttle {

    private static final double NANOS_PER_SECOND = 1e9;

    private final double bytesPerSecond;
    private final Clock clock;
    private final Timers timers;

    /** When the next bytes may pass, by the clock's elapsed time. */
    private final AtomicLong nextNanos;

    /** Who waits, in the order they came. */
    private final ConcurrentNavigableMap<Long, CompletableFuture<Void>> waiting = new ConcurrentSkipListMap<>();

    private final AtomicLong waitingNumbers = new AtomicLong();
    private volatile boolean isOpen;

    Throttle(double bytesPerSecond, Clock clock, Timers timers) {
        this.bytesPerSecond = bytesPerSecond;
        this.clock = clock;
        this.timers = timers;
        this.nextNanos = new AtomicLong(clock.nanos());
    }

    /** Completes, on the timers' thread if it takes time, when what passed before has had its time. */
    CompletionStage<Void> pass(long bytes) {
        var delay = delayOf(bytes);
        var passed = new CompletableFuture<Void>();
        if (delay <= 0) {
            passed.complete(null);
        } else {
            var number = waitingNumbers.getAndIncrement();
            waiting.put(number, passed);
            timers.schedule(delay, () -> letPass(number));
            if (isOpen) {
                letPass(number);
            }
        }
        return passed;
    }

    private void letPass(long number) {
        var passed = waiting.remove(number);
        if (passed != null) {
            passed.complete(null);
        }
    }

    /** Lets everything pass at once from now on. */
    void open() {
        isOpen = true;
        waiting.keySet().forEach(this::letPass);
    }

    private long delayOf(long bytes) {
        if (isOpen) {
            return 0;
        }
        var now = clock.nanos();
        var nanos = (long) (bytes / bytesPerSecond * NANOS_PER_SECOND);
        var next = nextNanos.getAndUpdate(before -> Math.max(now, before) + nanos);
        return next - now;
    }
}
