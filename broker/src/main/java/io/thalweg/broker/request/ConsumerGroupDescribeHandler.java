package io.thalweg.broker.request;

import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.ConsumerGroupDescribeRequest;
import io.thalweg.protocol.message.ConsumerGroupDescribeResponse;
import java.util.concurrent.CompletionStage;

/** ConsumerGroupDescribe, key 69, versions 0-1: each group of the consumer protocol is described by its coordinator. */
public final class ConsumerGroupDescribeHandler implements RequestHandler<ConsumerGroupDescribeRequest> {

    private final GroupCoordinators coordinators;

    public ConsumerGroupDescribeHandler(GroupCoordinators coordinators) {
        this.coordinators = coordinators;
    }

    @Override
    public void handle(ConsumerGroupDescribeRequest request, Exchange exchange) {
        var rows = request.groupIds().stream()
                .map(group -> describe(group, exchange))
                .toList();
        exchange.replyWhen(Stages.all(rows)
                .thenApply(groups -> ConsumerGroupDescribeResponse.builder()
                        .groups(groups.stream()
                                .map(group -> withOperations(group, request.includeAuthorizedOperations()))
                                .toList())
                        .build()));
    }

    private CompletionStage<ConsumerGroupDescribeResponse.Group> describe(String group, Exchange exchange) {
        return coordinators.ask(
                exchange::handledFor,
                group,
                coordinator -> coordinator.describeConsumers(group),
                error -> ConsumerGroupDescribeResponse.Group.builder()
                        .groupId(group)
                        .errorCode(error.code())
                        .build());
    }

    private static ConsumerGroupDescribeResponse.Group withOperations(
            ConsumerGroupDescribeResponse.Group group, boolean areAsked) {
        return areAsked && group.errorCode() == ErrorCode.NONE.code()
                ? group.toBuilder()
                        .authorizedOperations(AuthorizedOperations.GROUP)
                        .build()
                : group;
    }
}
