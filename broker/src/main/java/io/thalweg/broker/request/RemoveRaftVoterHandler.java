package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.RemoveRaftVoterRequest;
import io.thalweg.protocol.message.RemoveRaftVoterResponse;

/** RemoveRaftVoter, key 81, version 0: the leader of the metadata log decides. */
public final class RemoveRaftVoterHandler implements RequestHandler<RemoveRaftVoterRequest> {

    private final ControllerChannel controller;

    public RemoveRaftVoterHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(RemoveRaftVoterRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, RemoveRaftVoterResponse.class)
                .exceptionally(failure -> RemoveRaftVoterResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }
}
