package io.thalweg.broker.follower;

import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.spi.config.ConfigValues;
import java.util.concurrent.TimeUnit;

/**
 * How followers fetch.
 *
 * @param maxWaitMillis how long a leader with too little may wait
 * @param minBytes what is enough for it to answer
 * @param maxBytes of an answer
 * @param partitionMaxBytes of one partition in an answer
 * @param maxBackoffNanos how long a follower that is refused rests at most
 * @param timeoutNanos how long an answer may take
 */
public record FetcherConfig(
        int maxWaitMillis, int minBytes, int maxBytes, int partitionMaxBytes, long maxBackoffNanos, long timeoutNanos) {

    private static final long MIN_BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    public static FetcherConfig of(ConfigValues config) {
        return new FetcherConfig(
                config.value(ReplicationKeys.REPLICA_FETCH_WAIT_MAX_MILLIS),
                config.value(ReplicationKeys.REPLICA_FETCH_MIN_BYTES),
                config.value(ReplicationKeys.REPLICA_FETCH_RESPONSE_MAX_BYTES),
                config.value(ReplicationKeys.REPLICA_FETCH_MAX_BYTES),
                TimeUnit.MILLISECONDS.toNanos(config.value(ReplicationKeys.REPLICA_FETCH_BACKOFF_MILLIS)),
                TimeUnit.MILLISECONDS.toNanos(config.value(ReplicationKeys.REPLICA_SOCKET_TIMEOUT_MILLIS)));
    }

    /** The rest after so many failures in a row, counted from 1. */
    long backoffNanos(int failureCount) {
        return Math.min(maxBackoffNanos, MIN_BACKOFF_NANOS << Math.min(failureCount - 1, 20));
    }
}
