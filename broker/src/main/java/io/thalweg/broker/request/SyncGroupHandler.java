package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.message.SyncGroupRequest;
import io.thalweg.protocol.message.SyncGroupResponse;

/** SyncGroup, key 14, versions 0-5: the answer waits for the leader's assignment. */
public final class SyncGroupHandler implements RequestHandler<SyncGroupRequest> {

    private final GroupCoordinators coordinators;

    public SyncGroupHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(SyncGroupRequest request, Exchange exchange) {
        var kept = request.toBuilder()
                .assignments(request.assignments().stream()
                        .map(each ->
                                new SyncGroupRequest.Assignment(each.memberId(), LentBytes.copy(each.assignment())))
                        .toList())
                .build();
        exchange.replyWhen(coordinators.ask(
                exchange::handledFor,
                request.groupId(),
                coordinator -> coordinator.sync(kept),
                error -> SyncGroupResponse.builder().errorCode(error.code()).build()));
    }
}
