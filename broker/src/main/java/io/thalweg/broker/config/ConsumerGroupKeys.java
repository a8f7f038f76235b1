package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigKey;
import java.util.List;

/** Settings of one consumer group; {@link GroupKeys} holds the broker's defaults and bounds for them. */
public final class ConsumerGroupKeys {

    public static final ConfigKey<Integer> SESSION_TIMEOUT_MILLIS = GroupKeys.CONSUMER_SESSION_TIMEOUT_MILLIS
            .named("consumer.session.timeout.ms")
            .changeable()
            .documented("A member of the group that has been silent for this many milliseconds is taken out of it.");

    public static final ConfigKey<Integer> HEARTBEAT_INTERVAL_MILLIS = GroupKeys.CONSUMER_HEARTBEAT_INTERVAL_MILLIS
            .named("consumer.heartbeat.interval.ms")
            .changeable()
            .documented("How often members of the group are told to send a heartbeat, in milliseconds.");

    private ConsumerGroupKeys() {}

    static List<ConfigKey<?>> all() {
        return List.of(SESSION_TIMEOUT_MILLIS, HEARTBEAT_INTERVAL_MILLIS);
    }
}
