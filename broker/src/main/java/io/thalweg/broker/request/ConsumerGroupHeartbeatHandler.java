package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.coordinator.group.Caller;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatRequest;
import io.thalweg.protocol.message.ConsumerGroupHeartbeatResponse;

/** ConsumerGroupHeartbeat, key 68, versions 0-1: members join, stay in and leave groups of the consumer protocol. */
public final class ConsumerGroupHeartbeatHandler implements RequestHandler<ConsumerGroupHeartbeatRequest> {

    private final GroupCoordinators coordinators;

    public ConsumerGroupHeartbeatHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(ConsumerGroupHeartbeatRequest request, Exchange exchange) {
        // Kafka's tools show the address as Java writes it, behind a slash.
        var caller = new Caller(exchange.clientId(), "/" + exchange.remote().host(), exchange.version());
        exchange.replyWhen(coordinators.ask(
                exchange::handledFor,
                request.groupId(),
                coordinator -> coordinator.consumerHeartbeat(request, caller),
                error -> ConsumerGroupHeartbeatResponse.builder()
                        .errorCode(error.code())
                        .build()));
    }
}
