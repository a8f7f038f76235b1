package io.thalweg.broker.config;

import io.thalweg.spi.config.ConfigValues;

/**
 * When a log with {@code durability=os} is written to disk; {@link Long#MAX_VALUE} means never by this rule.
 *
 * @param messageCount after so many records
 * @param millis after so long
 */
public record FlushConfig(long messageCount, long millis) {

    static FlushConfig of(ConfigValues values) {
        return new FlushConfig(values.value(TopicKeys.FLUSH_MESSAGES), values.value(TopicKeys.FLUSH_MILLIS));
    }
}
