package io.thalweg.simulation.world;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A piece of code that may wait, as the start of a broker does. It has a thread, but runs only while the scheduler waits for it: at any
 * moment one of them runs, so that a run with the same seed is the same. Owned by the scheduler.
 */
final class Fiber {

    private final Lane lane;
    private final Thread thread;
    private final Semaphore turn = new Semaphore(0);
    private final Semaphore turnOfScheduler = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private boolean isKilled;
    private boolean hasEnded;

    /** Ends the code of a process that is dead. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1L;

        Killed() {
            super("the process is dead", null, false, false);
        }
    }

    /** Code that has not begun; tells when it has ended. */
    Fiber(Lane lane, Runnable body, Consumer<Fiber> ended) {
        this.lane = lane;
        this.thread = new FiberThread(this, () -> {
            try {
                body.run();
            } catch (Killed e) {
                // As it should.
            } catch (Throwable e) {
                failure.set(e);
            }
            hasEnded = true;
            ended.accept(this);
            turnOfScheduler.release();
        });
        thread.setDaemon(true);
    }

    /** Knows which fiber it is the thread of. */
    private static final class FiberThread extends Thread {

        private final Fiber fiber;

        FiberThread(Fiber fiber, Runnable body) {
            super(body, "fiber-" + fiber.lane);
            this.fiber = fiber;
        }
    }

    /** The fiber that calls. */
    static Fiber current() {
        if (Thread.currentThread() instanceof FiberThread running) {
            return running.fiber;
        }
        throw new IllegalStateException("only code in a fiber may wait");
    }

    void begin() {
        lane.post(() -> {
            thread.start();
            awaitTurnBack();
        });
    }

    /** Goes on with the code, in an event. */
    void wake() {
        lane.post(this::goOn);
    }

    private void goOn() {
        if (!hasEnded) {
            turn.release();
            awaitTurnBack();
        }
    }

    private void awaitTurnBack() {
        turnOfScheduler.acquireUninterruptibly();
        var thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw new IllegalStateException(lane + " failed", thrown);
        }
    }

    /** Waits until woken. Called by the code. */
    void sleep() {
        if (isKilled) {
            throw new Killed();
        }
        turnOfScheduler.release();
        turn.acquireUninterruptibly();
        if (isKilled) {
            throw new Killed();
        }
    }

    /** Has the code end where it waits. */
    void kill() {
        isKilled = true;
        if (thread.isAlive() && Thread.currentThread() != thread) {
            goOn();
        }
    }
}
