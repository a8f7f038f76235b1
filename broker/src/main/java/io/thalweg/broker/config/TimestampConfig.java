package io.thalweg.broker.config;

import io.thalweg.protocol.record.TimestampType;
import io.thalweg.spi.config.ConfigValues;
import java.util.Optional;

/**
 * Whose clock the timestamps in a log are of, and how far off a producer's may be.
 *
 * @param type who sets the timestamps
 * @param beforeMaxMillis how far in the leader's past a producer's timestamp may lie
 * @param afterMaxMillis how far in the leader's future it may lie
 */
public record TimestampConfig(TimestampType type, long beforeMaxMillis, long afterMaxMillis) {

    /** What a record without a timestamp carries. */
    private static final long NONE = -1;

    static TimestampConfig of(ConfigValues values) {
        var appendTime = values.value(TopicKeys.TIMESTAMP_TYPE).equals("LogAppendTime");
        return new TimestampConfig(
                appendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                values.value(TopicKeys.TIMESTAMP_BEFORE_MAX_MILLIS),
                values.value(TopicKeys.TIMESTAMP_AFTER_MAX_MILLIS));
    }

    /** Whether a producer's timestamp may be appended at this time; both in epoch milliseconds. None at all may. */
    public boolean accepts(long timestamp, long nowMillis) {
        if (type == TimestampType.LOG_APPEND_TIME || timestamp == NONE) {
            return true;
        }
        return timestamp > nowMillis
                ? timestamp - nowMillis <= afterMaxMillis
                : timestamp >= nowMillis - beforeMaxMillis;
    }

    /** Why a timestamp may not be appended at this time, with the limit that it breaks; empty if it may. */
    public Optional<String> objection(long timestamp, long nowMillis) {
        if (accepts(timestamp, nowMillis)) {
            return Optional.empty();
        }
        var limit = timestamp > nowMillis
                ? "after the broker's " + nowMillis + ": " + TopicKeys.TIMESTAMP_AFTER_MAX_MILLIS.name() + " is "
                        + afterMaxMillis
                : "before the broker's " + nowMillis + ": " + TopicKeys.TIMESTAMP_BEFORE_MAX_MILLIS.name() + " is "
                        + beforeMaxMillis;
        return Optional.of("timestamp " + timestamp + " is too far " + limit);
    }
}
