package io.thalweg.broker.request;

import io.thalweg.broker.cluster.Envelopes;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.MalformedMessageException;
import io.thalweg.protocol.ResponseMessage;
import io.thalweg.protocol.message.EnvelopeRequest;
import io.thalweg.protocol.message.EnvelopeResponse;
import java.nio.ByteBuffer;

/**
 * Envelope, key 58, version 0: a client's request that another broker passes on. It is decided here or, where another node leads, answered
 * with NOT_CONTROLLER; never passed on further.
 */
public final class EnvelopeHandler implements RequestHandler<EnvelopeRequest> {

    private final Controller controller;

    public EnvelopeHandler(Controller controller) {
        this.controller = controller;
    }

    @Override
    public void handle(EnvelopeRequest request, Exchange exchange) {
        Envelopes.Enclosed enclosed;
        try {
            enclosed = Envelopes.open(copyOf(request.requestData()));
        } catch (MalformedMessageException e) {
            exchange.reply(refused(ErrorCode.INVALID_REQUEST));
            return;
        }
        var api = enclosed.request().apiKey();
        if (api.isInternal()) {
            exchange.reply(refused(ErrorCode.INVALID_REQUEST));
            return;
        }
        exchange.replyWhen(controller
                .submit(enclosed.request(), ResponseMessage.class)
                .thenApply(reply -> EnvelopeResponse.builder()
                        .responseData(Envelopes.enclose(api, reply, enclosed.version()))
                        .build())
                .exceptionally(failure -> refused(ControllerFailures.codeOf(failure))));
    }

    /** The frame is given back before the controller decides. */
    private static ByteBuffer copyOf(ByteBuffer lent) {
        return ByteBuffer.allocate(lent.remaining()).put(lent.duplicate()).flip();
    }

    private static EnvelopeResponse refused(ErrorCode error) {
        return EnvelopeResponse.builder().errorCode(error.code()).build();
    }
}
