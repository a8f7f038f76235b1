package io.thalweg.tck.storage;

import io.thalweg.spi.storage.PartitionLog;
import java.util.ArrayList;
import java.util.List;

/** Reads a log as a consumer does, one slice after the other. */
final class LogReader {

    private static final int READ_BYTES = 1000;

    private LogReader() {}

    static List<SampleBatch> readAll(PartitionLog log, long from, long upTo) {
        var all = new ArrayList<SampleBatch>();
        var next = from;
        while (true) {
            var some = SampleBatch.in(Stages.await(log.read(next, upTo, READ_BYTES)));
            if (some.isEmpty()) {
                return all;
            }
            all.addAll(some);
            next = some.get(some.size() - 1).lastOffset() + 1;
        }
    }
}
