package io.thalweg.broker;

import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.SystemClock;
import io.thalweg.broker.runtime.ThreadTimers;
import io.thalweg.broker.runtime.ThreadWorkers;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.security.SecureRandom;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * What a broker would otherwise ask the world for; a simulator hands in another.
 *
 * @param threads those of a name
 */
record World(
        Clock clock, Timers timers, RandomGenerator random, Workers workers, Function<String, ThreadFactory> threads) {

    /** The machine's own, for this node; the timers are closed with the other parts. */
    static World ofMachine(int nodeId, ResourceStack parts) {
        var prefix = "thalweg-" + nodeId + "-";
        return new World(
                new SystemClock(),
                parts.push(new ThreadTimers(prefix + "timers")),
                new SecureRandom(),
                new ThreadWorkers(prefix),
                name -> new DaemonThreads(prefix + name));
    }
}
