package io.thalweg.coordinator.group;

import java.time.Duration;

/**
 * Settings of a group coordinator.
 *
 * @param initialRebalanceDelay how long an empty group waits for further members
 * @param sessions the session timeouts that members may ask for
 * @param maxSize the most members of a group
 * @param offsets settings of committed offsets
 */
public record GroupConfig(Duration initialRebalanceDelay, Sessions sessions, int maxSize, Offsets offsets) {

    /** Bounds of session timeouts. */
    public record Sessions(int minMillis, int maxMillis) {

        boolean allow(int millis) {
            return millis >= minMillis && millis <= maxMillis;
        }
    }

    /**
     * Settings of committed offsets.
     *
     * @param maxMetadataBytes the longest text committed along with an offset
     * @param retention how long the offsets of a group without members are kept
     * @param checkInterval how often is looked for offsets to forget
     * @param maxBatchBytes the most bytes that one append may have
     */
    public record Offsets(int maxMetadataBytes, Duration retention, Duration checkInterval, int maxBatchBytes) {}

    /** Apache Kafka's defaults. */
    public static GroupConfig defaults() {
        return new GroupConfig(
                Duration.ofSeconds(3),
                new Sessions(6_000, 1_800_000),
                Integer.MAX_VALUE,
                new Offsets(4096, Duration.ofDays(7), Duration.ofMinutes(10), 1 << 20));
    }
}
