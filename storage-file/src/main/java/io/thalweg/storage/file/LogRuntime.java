package io.thalweg.storage.file;

import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Timers;
import io.thalweg.spi.runtime.Workers;

/**
 * What the logs of an engine share.
 *
 * @param clock tells when a segment without timestamps began
 * @param timers for what is put on disk some time later
 * @param readers threads that read what is not in memory
 * @param syncers threads that wait for the disk to make bytes durable
 * @param maintenance threads that open, truncate and remove
 * @param warmth what is likely to be in memory
 * @param scratch buffers for reading files in passing
 * @param indexes which indexes of closed segments are in memory
 * @param openFiles which files stay open
 * @param failures tells what a failed call to the disk means
 * @param recoveryBytes how much of a log a start after a crash may walk over, at worst twice
 * @param seed what the jitter of segments follows from
 */
record LogRuntime(
        Clock clock,
        Timers timers,
        Workers.Pool readers,
        Workers.Pool syncers,
        Workers.Pool maintenance,
        Warmth warmth,
        ScratchBuffers scratch,
        IndexMemory indexes,
        OpenFiles openFiles,
        DiskFailure failures,
        int recoveryBytes,
        long seed) {}
