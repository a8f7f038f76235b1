package io.thalweg.client;

import io.thalweg.api.ProducerInterceptor;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordMetadata;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of one record, and what hears of its delivery; one object for both, for there is one of each record. */
final class PendingSend<K, V> extends ShownStage<RecordMetadata> implements Delivery {

    private static final Logger log = LoggerFactory.getLogger(PendingSend.class);

    /** Null unless somebody wants to know: records that wait are many, and what they keep is copied by every collection of garbage. */
    private final @Nullable ProducerRecord<K, V> record;

    private final List<ProducerInterceptor> interceptors;
    private long timestampMillis;

    PendingSend(ClientRuntime runtime, ProducerRecord<K, V> record, List<ProducerInterceptor> interceptors) {
        super(runtime);
        this.record = interceptors.isEmpty() ? null : record;
        this.interceptors = interceptors;
    }

    long timestampMillis() {
        return timestampMillis;
    }

    /** Called before the record is handed over, which publishes it. */
    void hasTimestamp(long millis) {
        timestampMillis = millis;
    }

    @Override
    public void completed(TopicPartition partition, long offset, @Nullable ClientException failure) {
        completed(partition, offset, NO_APPEND_TIME, failure);
    }

    @Override
    public void completed(
            TopicPartition partition, long offset, long appendTimeMillis, @Nullable ClientException failure) {
        if (failure != null) {
            fail(Failures.toApi(failure));
            return;
        }
        var written = new RecordMetadata(
                partition, offset, appendTimeMillis == NO_APPEND_TIME ? timestampMillis : appendTimeMillis);
        var sent = record;
        if (sent != null) {
            tell(interceptor -> interceptor.acknowledged(sent, written));
        }
        complete(written);
    }

    void fail(ThalwegException failure) {
        var unsent = record;
        if (unsent != null) {
            tell(interceptor -> interceptor.failed(unsent, failure));
        }
        completeExceptionally(failure);
    }

    private void tell(Consumer<ProducerInterceptor> what) {
        for (var interceptor : interceptors) {
            try {
                what.accept(interceptor);
            } catch (RuntimeException e) {
                log.error("interceptor {} threw", interceptor, e);
            }
        }
    }
}
