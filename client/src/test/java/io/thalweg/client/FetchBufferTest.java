package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ErrorCode;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FetchBufferTest {

    private final FetchBuffer buffer = new FetchBuffer();

    private static FetchFailure failure(int partition) {
        return new FetchFailure(
                Map.of(new TopicPartition("flights", partition), 1),
                ClientException.answered("partition " + partition, ErrorCode.TOPIC_AUTHORIZATION_FAILED, null));
    }

    @Test
    void eachFailureIsToldOnceAndInOrder() throws InterruptedException {
        var first = failure(0);
        var second = failure(1);

        buffer.fail(first);
        buffer.fail(second);

        assertThat(buffer.take(0)).isEqualTo(first);
        assertThat(buffer.take(0)).isEqualTo(second);
        assertThat(buffer.take(0)).isNull();
    }
}
