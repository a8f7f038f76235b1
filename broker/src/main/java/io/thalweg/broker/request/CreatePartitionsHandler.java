package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.CreatePartitionsRequest;
import io.thalweg.protocol.message.CreatePartitionsResponse;

/** CreatePartitions, key 37, versions 0-3: the controller decides; the answer waits until the partitions lead. */
public final class CreatePartitionsHandler implements RequestHandler<CreatePartitionsRequest> {

    private final ControllerChannel controller;

    public CreatePartitionsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(CreatePartitionsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, CreatePartitionsResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    private static CreatePartitionsResponse refused(CreatePartitionsRequest request, Throwable failure) {
        return CreatePartitionsResponse.builder()
                .results(request.topics().stream()
                        .map(each -> CreatePartitionsResponse.Topic.builder()
                                .name(each.name())
                                .errorCode(ControllerFailures.codeOf(failure).code())
                                .errorMessage(ControllerFailures.messageOf(failure))
                                .build())
                        .toList())
                .build();
    }
}
