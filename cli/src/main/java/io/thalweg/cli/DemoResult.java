package io.thalweg.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the demo did and found.
 *
 * @param records how many were written
 * @param readCount how many were read back
 * @param bytes of keys and values written
 * @param differences by key, what is wrong with its records
 * @param gaps how many times an offset did not follow the last one of its partition
 * @param startMillis how long the broker took to start
 * @param streamNanos from the first record sent to the last one read
 * @param produced from sending to acknowledgement
 * @param endToEnd from sending to reading
 * @param kill the broker that was killed, or null if none was
 */
record DemoResult(
        long records,
        long readCount,
        long bytes,
        int keysCount,
        Map<String, String> differences,
        long gaps,
        long startMillis,
        long streamNanos,
        LatencyHistogram produced,
        LatencyHistogram endToEnd,
        @Nullable DemoKill kill) {

    boolean isGood() {
        return records == readCount && differences.isEmpty() && gaps == 0;
    }
}
