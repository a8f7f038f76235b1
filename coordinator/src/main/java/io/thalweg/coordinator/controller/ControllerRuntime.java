package io.thalweg.coordinator.controller;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.random.RandomGenerator;

/**
 * All that the controller may take from the world.
 *
 * @param loop the thread that owns it
 * @param clock the only source of time
 * @param timers for what happens later
 * @param random for ids and placement; used on the loop only
 */
public record ControllerRuntime(EventLoop loop, Clock clock, Timers timers, RandomGenerator random) {}
