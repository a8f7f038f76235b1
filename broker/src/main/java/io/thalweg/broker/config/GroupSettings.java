package io.thalweg.broker.config;

import io.thalweg.coordinator.group.GroupConfig;
import io.thalweg.spi.config.ConfigValues;
import java.time.Duration;
import java.util.Locale;

/** The group coordinator's share of a broker's settings. */
public final class GroupSettings {

    private GroupSettings() {}

    /** What the settings say. */
    public static GroupConfig of(ConfigValues config) {
        return new GroupConfig(
                Duration.ofMillis(config.value(GroupKeys.INITIAL_REBALANCE_DELAY_MILLIS)),
                new GroupConfig.Sessions(
                        config.value(GroupKeys.MIN_SESSION_TIMEOUT_MILLIS),
                        config.value(GroupKeys.MAX_SESSION_TIMEOUT_MILLIS)),
                config.value(GroupKeys.MAX_SIZE),
                new GroupConfig.Offsets(
                        config.value(GroupKeys.OFFSET_METADATA_MAX_BYTES),
                        Duration.ofMinutes(config.value(GroupKeys.OFFSETS_RETENTION_MINUTES)),
                        Duration.ofMillis(config.value(GroupKeys.OFFSETS_RETENTION_CHECK_INTERVAL_MILLIS)),
                        config.value(LogKeys.MESSAGE_MAX_BYTES)),
                new GroupConfig.Consumers(
                        config.value(GroupKeys.CONSUMER_SESSION_TIMEOUT_MILLIS),
                        config.value(GroupKeys.CONSUMER_HEARTBEAT_INTERVAL_MILLIS),
                        config.value(GroupKeys.CONSUMER_MAX_SIZE),
                        config.value(GroupKeys.CONSUMER_ASSIGNORS),
                        GroupConfig.Migration.valueOf(config.value(GroupKeys.CONSUMER_MIGRATION_POLICY)
                                .toUpperCase(Locale.ROOT))));
    }
}
