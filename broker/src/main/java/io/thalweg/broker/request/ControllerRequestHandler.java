package io.thalweg.broker.request;

import io.thalweg.coordinator.controller.Controller;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.function.Function;

/**
 * AlterPartition, BrokerRegistration, BrokerHeartbeat, AllocateProducerIds and AssignReplicasToDirs, keys 56, 62, 63, 67 and 73: what
 * brokers ask the controller. It is decided here or, where another node leads, answered with NOT_CONTROLLER; never passed on.
 */
public final class ControllerRequestHandler<Q extends RequestMessage, R extends ResponseMessage>
        implements RequestHandler<Q> {

    private final Controller controller;
    private final Class<R> replyType;
    private final Function<ErrorCode, R> refusal;

    /**
     * A handler of one of these APIs.
     *
     * @param refusal the answer that has this code and nothing else
     */
    public ControllerRequestHandler(Controller controller, Class<R> replyType, Function<ErrorCode, R> refusal) {
        this.controller = controller;
        this.replyType = replyType;
        this.refusal = refusal;
    }

    @Override
    public void handle(Q request, Exchange exchange) {
        exchange.replyWhen(controller
                .submit(request, replyType)
                .exceptionally(failure -> refusal.apply(ControllerFailures.codeOf(failure))));
    }
}
