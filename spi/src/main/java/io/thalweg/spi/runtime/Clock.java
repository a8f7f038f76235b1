package io.thalweg.spi.runtime;

/**
 * Tells the time. Any thread may ask.
 *
 * <p>Wall-clock time may jump either way; only {@link #nanos()} never goes back. The simulator skews both.
 */
public interface Clock {

    /** Wall-clock time in milliseconds since the Unix epoch. */
    long millis();

    /** Elapsed time in nanoseconds from an arbitrary origin; for differences only. */
    long nanos();
}
