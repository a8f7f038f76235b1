package io.thalweg.broker.metadata;

import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.concurrent.CompletionStage;

/**
 * The way to the controller, wherever it runs.
 *
 * <p><b>Threads.</b> Any thread may call; the stage completes on a thread of the controller's or the network's.
 *
 * <p><b>Errors.</b> The stage fails with {@link io.thalweg.coordinator.controller.ControllerException}, which has the code for the client.
 */
public interface ControllerChannel {

    /**
     * Has the controller decide; completes once what was decided is in force on this broker.
     *
     * @param request must not refer to lent buffers
     */
    <R extends ResponseMessage> CompletionStage<R> call(RequestMessage request, Class<R> responseType);
}
