package io.thalweg.broker.metadata;

import io.thalweg.coordinator.controller.Controller;
import io.thalweg.protocol.RequestMessage;
import io.thalweg.protocol.ResponseMessage;
import java.util.concurrent.CompletionStage;

/** The way to a controller in the same process. */
public final class LocalControllerChannel implements ControllerChannel {

    private final Controller controller;
    private final MetadataFollower follower;

    public LocalControllerChannel(Controller controller, MetadataFollower follower) {
        this.controller = controller;
        this.follower = follower;
    }

    @Override
    public <R extends ResponseMessage> CompletionStage<R> call(RequestMessage request, Class<R> responseType) {
        return controller
                .submit(request, responseType)
                .thenCompose(reply -> follower.caughtUp().thenApply(nothing -> reply));
    }
}
