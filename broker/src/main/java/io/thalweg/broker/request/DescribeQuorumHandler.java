package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.DescribeQuorumRequest;
import io.thalweg.protocol.message.DescribeQuorumResponse;

/** DescribeQuorum, key 55, versions 0-2: the leader of the metadata log answers, who alone knows how far the others have come. */
public final class DescribeQuorumHandler implements RequestHandler<DescribeQuorumRequest> {

    private final ControllerChannel controller;

    public DescribeQuorumHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(DescribeQuorumRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(request, DescribeQuorumResponse.class)
                .exceptionally(failure -> DescribeQuorumResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }
}
