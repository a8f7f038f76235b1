package io.thalweg.broker.request;

import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.protocol.message.UpdateFeaturesRequest;
import io.thalweg.protocol.message.UpdateFeaturesRequest.FeatureUpdate;
import io.thalweg.protocol.message.UpdateFeaturesResponse;

/** UpdateFeatures, key 57, versions 0-2: the controller decides. */
public final class UpdateFeaturesHandler implements RequestHandler<UpdateFeaturesRequest> {

    /** What version 0 calls to allow a downgrade. */
    private static final byte SAFE_DOWNGRADE = 2;

    private final ControllerChannel controller;

    public UpdateFeaturesHandler(ControllerChannel controller) {
        this.controller = controller;
    }

    @Override
    public void handle(UpdateFeaturesRequest request, Exchange exchange) {
        exchange.replyWhen(controller
                .call(inNewTerms(request), UpdateFeaturesResponse.class)
                .exceptionally(failure -> UpdateFeaturesResponse.builder()
                        .errorCode(ControllerFailures.codeOf(failure).code())
                        .errorMessage(ControllerFailures.messageOf(failure))
                        .build()));
    }

    private static UpdateFeaturesRequest inNewTerms(UpdateFeaturesRequest request) {
        return request.toBuilder()
                .featureUpdates(request.featureUpdates().stream()
                        .map(UpdateFeaturesHandler::inNewTerms)
                        .toList())
                .build();
    }

    private static FeatureUpdate inNewTerms(FeatureUpdate update) {
        return update.allowDowngrade()
                ? update.toBuilder()
                        .allowDowngrade(false)
                        .upgradeType(SAFE_DOWNGRADE)
                        .build()
                : update;
    }
}
