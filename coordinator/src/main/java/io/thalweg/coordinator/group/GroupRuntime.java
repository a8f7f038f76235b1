package io.thalweg.coordinator.group;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.runtime.Timers;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * All that a group coordinator may take from the world.
 *
 * @param loop the thread that owns it
 * @param clock the only source of time
 * @param timers for what happens later
 * @param random for member ids; used on the loop only
 * @param cluster shows the metadata as far as this broker has carried it out
 */
public record GroupRuntime(
        EventLoop loop, Clock clock, Timers timers, RandomGenerator random, Supplier<MetadataImage> cluster) {}
