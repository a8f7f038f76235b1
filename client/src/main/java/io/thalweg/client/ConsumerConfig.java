package io.thalweg.client;

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
 */
public record ConsumerConfig(
        Duration maxWait, int minBytes, int maxBytes, int partitionMaxBytes, long bufferBytes, boolean checksCrc) {

    /** Half a second, a byte, 16 MiB, 1 MiB, 32 MiB, checked. */
    public static final ConsumerConfig DEFAULT =
            new ConsumerConfig(Duration.ofMillis(500), 1, 16 << 20, 1 << 20, 32L << 20, true);
}
