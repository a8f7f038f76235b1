package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.AddRaftVoterRequest;
import io.thalweg.protocol.message.AddRaftVoterResponse;

/** AddRaftVoter, key 80, versions 0-1: the leader of the metadata log decides. */
public final class AddRaftVoterHandler implements RequestHandler<AddRaftVoterRequest> {

    private final ControllerChannel controller;

    public AddRaftVoterHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(AddRaftVoterRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, AddRaftVoterResponse.class)
                .exceptionally(failure -> AddRaftVoterResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }
}
