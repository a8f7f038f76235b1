package io.thalweg.cli;

import io.thalweg.protocol.record.Compression;
import java.nio.file.Path;

/**
 * What the demo is to do.
 *
 * @param brokers 1, in this process, or 3 in processes of their own, of which one is killed
 * @param origin where the data come from, for the summary
 * @param repeat how many times the file is streamed
 * @param rate records a second at most, or 0 for full speed
 */
record DemoPlan(
        Path file,
        String keyField,
        String origin,
        int brokers,
        int partitions,
        int repeat,
        long rate,
        Compression compression) {}
