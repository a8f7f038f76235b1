package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.IncrementalAlterConfigsRequest;
import io.thalweg.protocol.message.IncrementalAlterConfigsResponse;

/** IncrementalAlterConfigs, key 44, versions 0-1: the controller decides; the answer waits until this broker goes by what was set. */
public final class IncrementalAlterConfigsHandler implements RequestHandler<IncrementalAlterConfigsRequest> {

    private final ControllerChannel controller;

    public IncrementalAlterConfigsHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(IncrementalAlterConfigsRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, IncrementalAlterConfigsResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    private static IncrementalAlterConfigsResponse refused(IncrementalAlterConfigsRequest request, Throwable failure) {
        return IncrementalAlterConfigsResponse.builder()
                .responses(request.resources().stream()
                        .map(each -> IncrementalAlterConfigsResponse.Resource.builder()
                                .resourceType(each.resourceType())
                                .resourceName(each.resourceName())
                                .errorCode(ControllerFailures.codeOf(failure).code())
                                .errorMessage(ControllerFailures.messageOf(failure))
                                .build())
                        .toList())
                .build();
    }
}
