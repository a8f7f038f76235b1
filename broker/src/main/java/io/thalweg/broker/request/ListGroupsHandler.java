package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import java.util.List;

/** ListGroups, key 16, versions 0-5: the groups that this broker coordinates. */
public final class ListGroupsHandler implements RequestHandler<ListGroupsRequest> {

    private final GroupCoordinators coordinators;

    public ListGroupsHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(ListGroupsRequest request, Exchange exchange) {
        exchange.replyWhen(coordinators.<List<ListGroupsResponse.Group>, ListGroupsResponse>askAll(
                coordinator -> coordinator.list(request),
                lists -> ListGroupsResponse.builder()
                        .groups(lists.stream().flatMap(List::stream).toList())
                        .build(),
                error -> ListGroupsResponse.builder().errorCode(error.code()).build()));
    }
}
