package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ListGroupsRequest;
import io.thalweg.protocol.message.ListGroupsResponse;
import java.util.ArrayList;
import java.util.List;

/** ListGroups, key 16, versions 0-5: the groups that this broker coordinates. */
public final class ListGroupsHandler implements RequestHandler<ListGroupsRequest> {

    private final GroupCoordinators coordinators;

    public ListGroupsHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(ListGroupsRequest request, Exchange exchange) {
        var answers = coordinators.askAll(
                exchange::handledFor, coordinator -> coordinator.list(request), ListGroupsHandler::refused);
        exchange.replyWhen(Stages.all(answers).thenApply(ListGroupsHandler::merged));
    }

    private static ListGroupsResponse refused(ErrorCode error) {
        return ListGroupsResponse.builder().errorCode(error.code()).build();
    }

    /** A list that is not complete is none; whoever coordinates a partition that is not led here lists its groups. */
    private static ListGroupsResponse merged(List<ListGroupsResponse> answers) {
        var groups = new ArrayList<ListGroupsResponse.Group>();
        for (var answer : answers) {
            if (answer.errorCode() == ErrorCode.NONE.code()) {
                groups.addAll(answer.groups());
            } else if (answer.errorCode() != ErrorCode.NOT_COORDINATOR.code()) {
                return answer;
            }
        }
        return ListGroupsResponse.builder().groups(groups).build();
    }
}
