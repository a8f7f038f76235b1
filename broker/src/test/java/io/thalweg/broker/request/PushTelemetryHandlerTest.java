package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.GetTelemetrySubscriptionsRequest;
import io.thalweg.protocol.message.GetTelemetrySubscriptionsResponse;
import io.thalweg.protocol.message.PushTelemetryRequest;
import io.thalweg.protocol.message.PushTelemetryResponse;
import java.nio.ByteBuffer;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PushTelemetryHandlerTest {

    private static final UUID NOBODY = new UUID(0, 0);

    private final BrokerFixture broker = new BrokerFixture();
    private final TestClient client = broker.client();

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void aClientIsGivenAnIdAndAskedForNothing() {
        var answer = subscription(NOBODY);

        assertThat(answer.clientInstanceId()).isNotEqualTo(NOBODY);
        assertThat(answer.requestedMetrics()).isEmpty();
        assertThat(subscription(answer.clientInstanceId()).subscriptionId()).isEqualTo(answer.subscriptionId());
    }

    @Test
    void whatIsPushedIsChecked() {
        var answer = subscription(NOBODY);
        var push = PushTelemetryRequest.builder()
                .clientInstanceId(answer.clientInstanceId())
                .subscriptionId(answer.subscriptionId())
                .metrics(ByteBuffer.allocate(10));

        assertThat(push(push.build())).isEqualTo(ErrorCode.NONE);
        assertThat(push(push.build().toBuilder().clientInstanceId(NOBODY).build()))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(push(push.build().toBuilder()
                        .subscriptionId(answer.subscriptionId() + 1)
                        .build()))
                .isEqualTo(ErrorCode.UNKNOWN_SUBSCRIPTION_ID);
        assertThat(push(push.build().toBuilder().compressionType((byte) 9).build()))
                .isEqualTo(ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        assertThat(push(push.build().toBuilder()
                        .metrics(ByteBuffer.allocate((1 << 20) + 1))
                        .build()))
                .isEqualTo(ErrorCode.TELEMETRY_TOO_LARGE);
    }

    private GetTelemetrySubscriptionsResponse subscription(UUID id) {
        var request =
                GetTelemetrySubscriptionsRequest.builder().clientInstanceId(id).build();
        return client.call(request, 0, GetTelemetrySubscriptionsResponse.class);
    }

    private ErrorCode push(PushTelemetryRequest request) {
        return ErrorCode.forCode(
                        client.call(request, 0, PushTelemetryResponse.class).errorCode())
                .orElseThrow();
    }
}
