package io.thalweg.broker.runtime;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.security.SecureRandom;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a broker would otherwise ask the world for; a simulator hands in another.
 *
 * @param threads those of a name, for what has to block; a simulator has none
 * @param ringThreads what turns the ring of a name
 * @param patience how a start and a stop wait
 */
public record World(
        Clock clock,
        Timers timers,
        RandomGenerator random,
        Workers workers,
        Function<String, ThreadFactory> threads,
        Function<String, RingThread> ringThreads,
        Patience patience) {

    /**
     * The machine's own, for this node.
     *
     * @param opened takes what is to be closed with the broker
     */
    public static World ofMachine(int nodeId, Consumer<AutoCloseable> opened) {
        var prefix = "thalweg-" + nodeId + "-";
        var timers = new ThreadTimers(prefix + "timers");
        opened.accept(timers);
        return new World(
                new SystemClock(),
                timers,
                new SecureRandom(),
                new ThreadWorkers(prefix),
                name -> new DaemonThreads(prefix + name),
                name -> new OwnThread(new DaemonThreads(prefix + name), new BlockingWaitStrategy()),
                patienceOf(nodeId));
    }

    /** How one waits on the machine's threads. */
    public static Patience patienceOf(int nodeId) {
        return new ThreadPatience(new DaemonThreads("thalweg-" + nodeId + "-stop"));
    }
}
