package io.thalweg.broker.cleaner;

import io.thalweg.broker.config.StorageKeys;
import io.thalweg.spi.config.ConfigValues;

/**
 * The settings of the cleaner.
 *
 * @param threads how many logs are cleaned at a time; 0 for none at all
 * @param mapBytes the memory for keys, of all threads together
 * @param loadFactor how full that may get
 * @param readBytes how much is read at a time, by all threads together
 * @param bytesPerSecond how much is read and written, by all threads together
 * @param backoffMillis the rest when no log needs it
 */
public record CleanerConfig(
        int threads, long mapBytes, double loadFactor, int readBytes, double bytesPerSecond, long backoffMillis) {

    /** A map that may not be filled at all would hold nothing. */
    private static final double MIN_LOAD_FACTOR = 0.01;

    /** As the broker's settings say. */
    public static CleanerConfig of(ConfigValues config) {
        return new CleanerConfig(
                config.value(StorageKeys.CLEANER_ENABLE) ? config.value(StorageKeys.CLEANER_THREADS) : 0,
                config.value(StorageKeys.CLEANER_DEDUPE_BUFFER_BYTES),
                Math.max(MIN_LOAD_FACTOR, config.value(StorageKeys.CLEANER_BUFFER_LOAD_FACTOR)),
                config.value(StorageKeys.CLEANER_IO_BUFFER_BYTES),
                config.value(StorageKeys.CLEANER_MAX_BYTES_PER_SECOND),
                config.value(StorageKeys.CLEANER_BACKOFF_MILLIS));
    }
}
