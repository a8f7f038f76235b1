package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.message.HeartbeatRequest;
import io.thalweg.protocol.message.HeartbeatResponse;

/** Heartbeat, key 12, versions 0-4. */
public final class HeartbeatHandler implements RequestHandler<HeartbeatRequest> {

    private final GroupCoordinators coordinators;

    public HeartbeatHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(HeartbeatRequest request, Exchange exchange) {
        exchange.replyWhen(coordinators.ask(
                exchange::handledFor,
                request.groupId(),
                coordinator -> coordinator.heartbeat(request),
                error -> HeartbeatResponse.builder().errorCode(error.code()).build()));
    }
}
