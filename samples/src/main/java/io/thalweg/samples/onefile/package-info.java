/**
 * A storage plug-in as a third party would write it: all logs of a broker in one file.
 *
 * <p>{@link io.thalweg.samples.onefile.OneFileStorage} is the way in. It keeps every promise of the SPI, which its test shows, and is small
 * because it gives up the rest: what was removed is never cleared away, and opening reads the whole file.
 */
package io.thalweg.samples.onefile;
