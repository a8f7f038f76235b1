package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.message.LeaveGroupRequest;
import io.thalweg.protocol.message.LeaveGroupResponse;

/** LeaveGroup, key 13, versions 0-5. */
public final class LeaveGroupHandler implements RequestHandler<LeaveGroupRequest> {

    private final GroupCoordinators coordinators;

    public LeaveGroupHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(LeaveGroupRequest request, Exchange exchange) {
        exchange.replyWhen(coordinators.ask(
                exchange::handledFor,
                request.groupId(),
                coordinator -> coordinator.leave(request, exchange.version()),
                error -> LeaveGroupResponse.builder().errorCode(error.code()).build()));
    }
}
