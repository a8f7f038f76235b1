package io.thalweg.coordinator.group;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.random.RandomGenerator;

/**
 * All that a group coordinator may take from the world.
 *
 * @param loop the thread that owns it
 * @param clock the only source of time
 * @param timers for what happens later
 * @param random for member ids; used on the loop only
 */
public record GroupRuntime(EventLoop loop, Clock clock, Timers timers, RandomGenerator random) {}
