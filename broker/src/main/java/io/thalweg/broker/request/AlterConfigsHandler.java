package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.AlterConfigsRequest;
import io.thalweg.protocol.message.AlterConfigsResponse;

/** AlterConfigs, key 33, versions 0-2: the controller decides; the answer waits until this broker goes by what was set. */
public final class AlterConfigsHandler implements RequestHandler<AlterConfigsRequest> {

    private final ControllerChannel controller;

    public AlterConfigsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(AlterConfigsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, AlterConfigsResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    private static AlterConfigsResponse refused(AlterConfigsRequest request, Throwable failure) {
        return AlterConfigsResponse.builder()
                .responses(request.resources().stream()
                        .map(each -> AlterConfigsResponse.Resource.builder()
                                .resourceType(each.resourceType())
                                .resourceName(each.resourceName())
                                .errorCode(ControllerFailures.codeOf(failure).code())
                                .errorMessage(ControllerFailures.messageOf(failure))
                                .build())
                        .toList())
                .build();
    }
}
