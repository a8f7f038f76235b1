package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.AlterPartitionReassignmentsRequest;
import io.thalweg.protocol.message.AlterPartitionReassignmentsResponse;

/** AlterPartitionReassignments, key 45, versions 0-1: the controller decides. */
public final class AlterPartitionReassignmentsHandler implements RequestHandler<AlterPartitionReassignmentsRequest> {

    private final ControllerChannel controller;

    public AlterPartitionReassignmentsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(AlterPartitionReassignmentsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, AlterPartitionReassignmentsResponse.class)
                .exceptionally(failure -> AlterPartitionReassignmentsResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }
}
