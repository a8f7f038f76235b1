package io.thalweg.client;

import io.thalweg.api.Isolation;
import io.thalweg.api.ReaderConfig;
import java.time.Duration;

/**
 * How a consumer fetches.
 *
 * @param maxWait how long a broker waits for {@code minBytes} before it answers with less
 * @param minBytes what is worth an answer
 * @param maxBytes the most bytes of one answer
 * @param partitionMaxBytes the most bytes of one partition in an answer, unless its first batch is larger
 * @param bufferBytes fetching pauses while more than this waits to be polled
 * @param checksCrc whether the checksum of each batch is checked
 * @param isolation what is read of the records that transactions write
 */
public record FetchConfig(
        Duration maxWait,
        int minBytes,
        int maxBytes,
        int partitionMaxBytes,
        long bufferBytes,
        boolean checksCrc,
        Isolation isolation) {

    /** Half a second, a byte, 960 KiB, 1 MiB, 32 MiB, checked, uncommitted. */
    public static final FetchConfig DEFAULT = of(ReaderConfig.DEFAULT);

    /** What an application configured. */
    static FetchConfig of(ReaderConfig config) {
        return new FetchConfig(
                config.maxWait(),
                config.minBytes(),
                config.maxBytes(),
                config.partitionMaxBytes(),
                config.bufferBytes(),
                config.checksCrc(),
                config.isolation());
    }

    boolean readsCommitted() {
        return isolation == Isolation.READ_COMMITTED;
    }

    /** The level as it goes over the wire. */
    byte isolationLevel() {
        return wireLevel(isolation);
    }

    static byte wireLevel(Isolation isolation) {
        return switch (isolation) {
            case READ_UNCOMMITTED -> 0;
            case READ_COMMITTED -> 1;
        };
    }
}
