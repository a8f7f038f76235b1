package io.thalweg.api;

/**
 * Sees every record that a producer sends, and may change it: adds headers for tracing, counts, checks.
 *
 * <p><b>Threads.</b> {@code sending} is called by the threads that send, the others on the client's thread. None may block.
 *
 * <p><b>Errors.</b> What {@code sending} throws fails the record; what the others throw is logged.
 */
public interface ProducerInterceptor {

    /** The record to send in place of this one. */
    default <K, V> ProducerRecord<K, V> sending(ProducerRecord<K, V> record) {
        return record;
    }

    /** The record was acknowledged. */
    default void acknowledged(ProducerRecord<?, ?> record, RecordMetadata written) {}

    /** The record was given up. */
    default void failed(ProducerRecord<?, ?> record, ThalwegException failure) {}
}
