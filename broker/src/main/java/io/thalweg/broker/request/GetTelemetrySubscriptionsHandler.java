package io.thalweg.broker.request;

import io.thalweg.protocol.message.GetTelemetrySubscriptionsRequest;
import io.thalweg.protocol.message.GetTelemetrySubscriptionsResponse;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** GetTelemetrySubscriptions, key 71, version 0: no metrics are asked for. Not offered, as Kafka does where nobody takes metrics. */
public final class GetTelemetrySubscriptionsHandler implements RequestHandler<GetTelemetrySubscriptionsRequest> {

    private final RandomGenerator random;

    /**
     * A handler for clients with and without an id.
     *
     * @param random for the ids of those without; used by many threads at once
     */
    public GetTelemetrySubscriptionsHandler(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public void handle(GetTelemetrySubscriptionsRequest request, Exchange exchange) {
        var client = request.clientInstanceId();
        var subscription = new TelemetrySubscription(
                client.equals(TelemetrySubscription.NOBODY) ? new UUID(random.nextLong(), random.nextLong()) : client);
        exchange.reply(GetTelemetrySubscriptionsResponse.builder()
                .clientInstanceId(subscription.client())
                .subscriptionId(subscription.id())
                .acceptedCompressionTypes(TelemetrySubscription.CODECS)
                .pushIntervalMillis(TelemetrySubscription.PUSH_INTERVAL_MILLIS)
                .telemetryMaxBytes(TelemetrySubscription.MAX_BYTES)
                .deltaTemporality(true)
                .requestedMetrics(List.of())
                .build());
    }
}
