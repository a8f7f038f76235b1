package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** Settings that say over which time a broker measures what it throttles. */
public final class QuotaKeys {

    public static final ConfigKey<Integer> QUOTA_WINDOW_COUNT =
            count("quota.window.num").documented("Over how many windows the rates of clients are measured.");

    public static final ConfigKey<Integer> QUOTA_WINDOW_SECONDS = seconds("quota.window.size.seconds")
            .documented("How long one such window of quota.window.num is, in seconds.");

    public static final ConfigKey<Integer> CONTROLLER_QUOTA_WINDOW_COUNT = count("controller.quota.window.num")
            .documented("Over how many windows the rates of creating and deleting topics are measured.");

    public static final ConfigKey<Integer> CONTROLLER_QUOTA_WINDOW_SECONDS = seconds(
                    "controller.quota.window.size.seconds")
            .documented("How long one such window of controller.quota.window.num is, in seconds.");

    public static final ConfigKey<Integer> REPLICATION_QUOTA_WINDOW_COUNT = count("replication.quota.window.num")
            .documented("Over how many windows the rates of replication are measured.");

    public static final ConfigKey<Integer> REPLICATION_QUOTA_WINDOW_SECONDS = seconds(
                    "replication.quota.window.size.seconds")
            .documented("How long one such window of replication.quota.window.num is, in seconds.");

    private QuotaKeys() {}

    private static ConfigKey<Integer> count(String name) {
        return ConfigKey.ofInt(name, 11).atLeast(1);
    }

    private static ConfigKey<Integer> seconds(String name) {
        return ConfigKey.ofInt(name, 1).atLeast(1);
    }

    static List<ConfigKey<?>> all() {
        return List.of(
                QUOTA_WINDOW_COUNT,
                QUOTA_WINDOW_SECONDS,
                CONTROLLER_QUOTA_WINDOW_COUNT,
                CONTROLLER_QUOTA_WINDOW_SECONDS,
                REPLICATION_QUOTA_WINDOW_COUNT,
                REPLICATION_QUOTA_WINDOW_SECONDS);
    }
}
