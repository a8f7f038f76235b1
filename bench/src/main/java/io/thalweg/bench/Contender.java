package io.thalweg.bench;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A Java client to be measured, with the settings that make both do the same. */
interface Contender {

    String name();

    /** Sends records without keys; every one is acknowledged by all replicas, and written once. */
    interface Sender extends AutoCloseable {

        /** Has the acknowledgement, or the failure, told. */
        void send(byte[] value, Consumer<@Nullable Throwable> acknowledged);

        void flush();

        @Override
        void close();
    }

    Sender sender(String bootstrap, String topic, int lingerMillis);

    /** Reads the whole topic, so many records. */
    void read(String bootstrap, String topic, int partitions, int count);
}
