package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.message.DeleteGroupsRequest;
import io.thalweg.protocol.message.DeleteGroupsResponse;

/** DeleteGroups, key 42, versions 0-2: each group is deleted by its coordinator. */
public final class DeleteGroupsHandler implements RequestHandler<DeleteGroupsRequest> {

    private final GroupCoordinators coordinators;

    public DeleteGroupsHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(DeleteGroupsRequest request, Exchange exchange) {
        var results = request.groupsNames().stream()
                .distinct()
                .map(group -> coordinators.ask(
                        exchange::handledFor,
                        group,
                        coordinator -> coordinator.deleteGroup(group),
                        error -> new DeleteGroupsResponse.Result(group, error.code())))
                .toList();
        exchange.replyWhen(Stages.all(results)
                .thenApply(rows -> DeleteGroupsResponse.builder().results(rows).build()));
    }
}
