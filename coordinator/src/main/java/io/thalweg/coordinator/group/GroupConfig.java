package io.thalweg.coordinator.group;

import io.thalweg.coordinator.metadata.ConfigResource;
import io.thalweg.coordinator.metadata.MetadataImage;
import java.time.Duration;
import java.util.List;

/**
 * Settings of a group coordinator.
 *
 * @param initialRebalanceDelay how long an empty group waits for further members
 * @param sessions the session timeouts that members may ask for
 * @param maxSize the most members of a group
 * @param offsets settings of committed offsets
 * @param consumers settings of groups of the consumer protocol
 */
public record GroupConfig(
        Duration initialRebalanceDelay, Sessions sessions, int maxSize, Offsets offsets, Consumers consumers) {

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

    /**
     * Settings of groups of the consumer protocol.
     *
     * @param sessionMillis how long a member may be silent, unless its group says otherwise
     * @param heartbeatMillis how often a member is told to say it is there, unless its group says otherwise
     * @param maxSize the most members of a group
     * @param assignors how partitions may be assigned; the first one if nobody minds
     * @param migration which groups may change their protocol while they have members
     */
    public record Consumers(
            int sessionMillis, int heartbeatMillis, int maxSize, List<String> assignors, Migration migration) {

        public Consumers {
            assignors = List.copyOf(assignors);
        }

        /** The session timeout of this group's members. */
        int sessionMillis(String groupId, MetadataImage image) {
            return setting(groupId, image, "consumer.session.timeout.ms", sessionMillis);
        }

        /** The time from one heartbeat of this group's members to the next. */
        int heartbeatMillis(String groupId, MetadataImage image) {
            return setting(groupId, image, "consumer.heartbeat.interval.ms", heartbeatMillis);
        }

        private static int setting(String groupId, MetadataImage image, String name, int otherwise) {
            var value = image.configs(ConfigResource.ofGroup(groupId)).get(name);
            return value == null ? otherwise : Integer.parseInt(value);
        }
    }

    /** Which way groups with members may go between the protocols. */
    public enum Migration {
        DISABLED,
        UPGRADE,
        DOWNGRADE,
        BIDIRECTIONAL;

        boolean allowsUpgrade() {
            return this == UPGRADE || this == BIDIRECTIONAL;
        }

        boolean allowsDowngrade() {
            return this == DOWNGRADE || this == BIDIRECTIONAL;
        }
    }

    /** Apache Kafka's defaults. */
    public static GroupConfig defaults() {
        return new GroupConfig(
                Duration.ofSeconds(3),
                new Sessions(6_000, 1_800_000),
                Integer.MAX_VALUE,
                new Offsets(4096, Duration.ofDays(7), Duration.ofMinutes(10), 1 << 20),
                new Consumers(45_000, 5000, Integer.MAX_VALUE, List.of("uniform", "range"), Migration.BIDIRECTIONAL));
    }
}
