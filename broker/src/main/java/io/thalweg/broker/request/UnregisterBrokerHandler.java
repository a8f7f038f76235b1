package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import io.thalweg.protocol.message.UnregisterBrokerResponse;

/** UnregisterBroker, key 64, version 0: the controller decides. */
public final class UnregisterBrokerHandler implements RequestHandler<UnregisterBrokerRequest> {

    private final ControllerChannel controller;

    public UnregisterBrokerHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(UnregisterBrokerRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, UnregisterBrokerResponse.class)
                .exceptionally(failure -> UnregisterBrokerResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }
}
