package io.thalweg.client;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import java.util.Collection;

/** Hears what a client does, to measure it. The loop calls, but for {@link #read}, which whoever polls does. */
interface ClientMeters {

    /** Measures nothing. */
    ClientMeters NONE = new ClientMeters() {};

    /** Micrometer's global registry, where Micrometer is there; else nothing. */
    static ClientMeters find(String clientId) {
        try {
            return new MicrometerMeters(clientId);
        } catch (NoClassDefFoundError e) {
            return NONE;
        }
    }

    /** A broker answered so long after it was asked. */
    default void answered(ApiKey api, long nanos) {}

    /** A request was not answered, or not even sent. */
    default void failed(ApiKey api) {}

    /** A broker wants to be left alone for so long. */
    default void throttled(int millis) {}

    /** A batch was acknowledged, so long after it was begun. */
    default void acknowledged(int records, int bytes, long nanos) {}

    /** Records that were to be sent were given up. */
    default void refused(int records) {}

    /** These partitions are read from now on, by one reader more. */
    default void entered(Collection<TopicPartition> partitions) {}

    /** An application got records of the partition, and so many lie behind them; it may have left the partition meanwhile. */
    default void read(TopicPartition partition, int records, long lag) {}

    /** One reader reads these partitions no more. */
    default void left(Collection<TopicPartition> partitions) {}
}
