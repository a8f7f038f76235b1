package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.AlterClientQuotasRequest;
import io.thalweg.protocol.message.AlterClientQuotasResponse;

/** AlterClientQuotas, key 49, versions 0-1: the controller decides. */
public final class AlterClientQuotasHandler implements RequestHandler<AlterClientQuotasRequest> {

    private final ControllerChannel controller;

    public AlterClientQuotasHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(AlterClientQuotasRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, AlterClientQuotasResponse.class)
                .exceptionally(failure -> refused(request, failure)));
    }

    private static AlterClientQuotasResponse refused(AlterClientQuotasRequest request, Throwable failure) {
        return AlterClientQuotasResponse.builder()
                .entries(request.entries().stream()
                        .map(entry -> AlterClientQuotasResponse.Entry.builder()
                                .errorCode(ControllerFailures.codeOf(failure).code())
                                .errorMessage(ControllerFailures.messageOf(failure))
                                .entity(entry.entity().stream()
                                        .map(part -> new AlterClientQuotasResponse.Entity(
                                                part.entityType(), part.entityName()))
                                        .toList())
                                .build())
                        .toList())
                .build();
    }
}
