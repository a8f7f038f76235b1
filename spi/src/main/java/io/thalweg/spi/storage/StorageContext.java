package io.thalweg.spi.storage;

import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;
import java.util.random.RandomGenerator;

/**
 * All that an engine may take from the world.
 *
 * @param config the settings of the broker; an engine reads the keys its provider declares
 * @param clock the only source of time
 * @param timers for what happens later
 * @param workers for threads that may block
 * @param random the only source of randomness; used during open and on the engine's own single threads only
 */
public record StorageContext(
        ConfigValues config, Clock clock, Timers timers, Workers workers, RandomGenerator random) {}
