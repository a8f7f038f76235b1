package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.DescribeGroupsRequest;
import io.thalweg.protocol.message.DescribeGroupsResponse;
import java.util.concurrent.CompletionStage;

/** DescribeGroups, key 15, versions 0-6: each group is described by its coordinator. */
public final class DescribeGroupsHandler implements RequestHandler<DescribeGroupsRequest> {

    private final GroupCoordinators coordinators;

    public DescribeGroupsHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(DescribeGroupsRequest request, Exchange exchange) {
        var rows = request.groups().stream()
                .map(group -> describe(group, exchange))
                .toList();
        exchange.replyWhen(Stages.all(rows)
                .thenApply(groups -> DescribeGroupsResponse.builder()
                        .groups(groups.stream()
                                .map(group -> withOperations(group, request.includeAuthorizedOperations()))
                                .toList())
                        .build()));
    }

    private CompletionStage<DescribeGroupsResponse.Group> describe(String group, Exchange exchange) {
        return coordinators.ask(
                exchange::handledFor,
                group,
                coordinator -> coordinator.describe(group, exchange.version()),
                error -> DescribeGroupsResponse.Group.builder()
                        .groupId(group)
                        .errorCode(error.code())
                        .build());
    }

    private static DescribeGroupsResponse.Group withOperations(DescribeGroupsResponse.Group group, boolean areAsked) {
        return areAsked && group.errorCode() == ErrorCode.NONE.code()
                ? group.toBuilder()
                        .authorizedOperations(AuthorizedOperations.GROUP)
                        .build()
                : group;
    }
}
