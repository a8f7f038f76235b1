package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.CreateTopicsRequest;
import io.thalweg.protocol.message.CreateTopicsResponse;

/** CreateTopics, key 19, versions 2-7: the controller decides; the answer waits until the topics lead. */
public final class CreateTopicsHandler implements RequestHandler<CreateTopicsRequest> {

    private final ControllerChannel controller;

    public CreateTopicsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(CreateTopicsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, CreateTopicsResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    private static CreateTopicsResponse refused(CreateTopicsRequest request, Throwable failure) {
        return CreateTopicsResponse.builder()
                .topics(request.topics().stream()
                        .map(each -> CreateTopicsResponse.Topic.builder()
                                .name(each.name())
                                .errorCode(ControllerFailures.codeOf(failure).code())
                                .errorMessage(ControllerFailures.messageOf(failure))
                                .build())
                        .toList())
                .build();
    }
}
