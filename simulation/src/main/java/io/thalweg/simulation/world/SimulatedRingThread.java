package io.thalweg.simulation.world;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.EventProcessor;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import io.thalweg.broker.runtime.RingThread;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Turns a ring turn by turn, each an event: what is published asks for one, and a loop that would wait for more is halted, which it can be
 * run again after. Owned by the scheduler.
 */
final class SimulatedRingThread implements RingThread, WaitStrategy {

    private final Lane lane;
    private @Nullable EventProcessor loop;
    private long cursorSeen = -1;
    private boolean hasEnded;
    private boolean isTurnDue;
    private boolean isHalting;
    private boolean hasTaken;

    SimulatedRingThread(Lane lane) {
        this.lane = lane;
    }

    @Override
    public WaitStrategy waitStrategy() {
        return this;
    }

    @Override
    public void start(EventProcessor newLoop) {
        loop = newLoop;
        askForTurn();
    }

    @Override
    public boolean isCurrent() {
        return lane.isCurrent();
    }

    private void askForTurn() {
        if (!isTurnDue && loop != null && !hasEnded) {
            isTurnDue = true;
            lane.post(this::turn);
        }
    }

    private void turn() {
        var turning = loop;
        if (turning == null || hasEnded) {
            return;
        }
        isTurnDue = false;
        hasTaken = false;
        turning.run();
        lane.process().turned();
        if (turning.getSequence().get() < cursorSeen) {
            askForTurn();
        }
    }

    /** Lets the loop take once what is there, then halts it. */
    @Override
    public long waitFor(long sequence, Sequence cursor, Sequence dependent, SequenceBarrier barrier)
            throws AlertException {
        cursorSeen = cursor.get();
        if (hasTaken || cursorSeen < sequence) {
            isHalting = true;
            if (loop != null) {
                loop.halt();
            }
            isHalting = false;
            throw AlertException.INSTANCE;
        }
        hasTaken = true;
        return cursorSeen;
    }

    @Override
    public void signalAllWhenBlocking() {
        if (!isHalting) {
            askForTurn();
        }
    }

    /** Turns until the last task has run, at once. */
    @Override
    public void end(Executor ring) {
        if (hasEnded || loop == null) {
            return;
        }
        var isDrained = new boolean[1];
        try {
            ring.execute(() -> isDrained[0] = true);
        } catch (RejectedExecutionException e) {
            isDrained[0] = true;
        }
        for (var turns = 0; !isDrained[0] && turns < 1_000; turns++) {
            lane.process().scheduler().runAs(lane, this::turn);
        }
        hasEnded = true;
    }
}
