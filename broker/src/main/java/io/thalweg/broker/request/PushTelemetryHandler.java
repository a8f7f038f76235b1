package io.thalweg.broker.request;

import io.thalweg.protocol.message.PushTelemetryRequest;
import io.thalweg.protocol.message.PushTelemetryResponse;

/** PushTelemetry, key 72, version 0: what is pushed although nobody asked for it is checked and let go. */
public final class PushTelemetryHandler implements RequestHandler<PushTelemetryRequest> {

    @Override
    public void handle(PushTelemetryRequest request, Exchange exchange) {
        exchange.reply(PushTelemetryResponse.builder()
                .errorCode(TelemetrySubscription.check(request).code())
                .build());
    }
}
