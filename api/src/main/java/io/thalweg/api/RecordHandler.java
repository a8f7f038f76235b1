package io.thalweg.api;

/**
 * What is done with each record of a {@link Processing}.
 *
 * <p><b>Threads.</b> Called by the threads of the processing, for several records at once, but never for two of the same key. It may block.
 *
 * <p><b>Errors.</b> What it throws makes it an attempt that failed: the record is tried again, and after the last attempt the
 * {@link FailurePolicy} says what becomes of it.
 */
@FunctionalInterface
public interface RecordHandler<K, V> {

    void handle(ConsumerRecord<K, V> record) throws Exception;
}
