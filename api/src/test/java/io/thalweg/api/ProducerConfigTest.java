package io.thalweg.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class ProducerConfigTest {

    @Test
    void producersAreIdempotentUnlessAcksOrTheApplicationSaySo() {
        assertThat(ProducerConfig.DEFAULT.isIdempotent()).isTrue();
        assertThat(ProducerConfig.builder().acks(Acks.LEADER).build().isIdempotent())
                .isFalse();
        assertThat(ProducerConfig.builder()
                        .acks(Acks.LEADER)
                        .acks(Acks.ALL)
                        .build()
                        .isIdempotent())
                .isTrue();
        assertThat(ProducerConfig.builder()
                        .idempotent(false)
                        .acks(Acks.ALL)
                        .build()
                        .isIdempotent())
                .isFalse();
    }

    @Test
    void aBatchFitsARequest() {
        var builder = ProducerConfig.builder().batchBytes(2 << 20);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batches of 2097152 bytes; expected at most the 1048576 of a request");
        assertThat(builder.maxRequestBytes(4 << 20).build().maxRequestBytes()).isEqualTo(4 << 20);
    }

    @Test
    void idempotenceThatWasAskedForIsNotDroppedSilently() {
        var first = ProducerConfig.builder().idempotent(true).acks(Acks.LEADER);
        var last = ProducerConfig.builder().acks(Acks.NONE).idempotent(true);

        assertThatThrownBy(first::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an idempotent producer with acks LEADER; expected ALL");
        assertThatThrownBy(last::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("an idempotent producer with acks NONE; expected ALL");
    }
}
