package io.thalweg.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ThalwegExceptionTest {

    @Test
    void whoIsFencedGoesOn() {
        var fenced = new ThalwegException.Fenced("FENCED_MEMBER_EPOCH", "partition orders-3 is not the member's", null);

        assertThat(fenced.isFatal()).isFalse();
        assertThat(fenced.isRetriable()).isFalse();
    }

    @Test
    void aHandlerThatFailedEndsItsProcessing() {
        assertThat(new ThalwegException.HandlerFailed("orders-3 at 17", null).isFatal())
                .isTrue();
    }
}
