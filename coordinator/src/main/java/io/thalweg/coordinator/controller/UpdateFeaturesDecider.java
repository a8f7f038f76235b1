package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.UpdateFeaturesRequest;
import io.thalweg.protocol.message.UpdateFeaturesRequest.FeatureUpdate;
import io.thalweg.protocol.message.UpdateFeaturesResponse;
import java.util.List;

/**
 * UpdateFeatures, key 57, versions 0-2.
 *
 * <p>No broker offers a feature whose level could be chosen, so that an update of any is refused, as Kafka refuses one it does not know.
 */
final class UpdateFeaturesDecider implements Decider<UpdateFeaturesRequest, UpdateFeaturesResponse> {

    @Override
    public Decision<UpdateFeaturesResponse> decide(MetadataImage image, UpdateFeaturesRequest request) {
        var updates = request.featureUpdates();
        if (updates.isEmpty()) {
            return new Decision<>(
                    List.of(),
                    UpdateFeaturesResponse.builder().errorMessage(null).build());
        }
        var first = refusal(updates.get(0));
        var reply = UpdateFeaturesResponse.builder()
                .errorCode(ErrorCode.INVALID_UPDATE_VERSION.code())
                .errorMessage(first)
                .results(updates.stream()
                        .map(update -> UpdateFeaturesResponse.Result.builder()
                                .feature(update.feature())
                                .errorCode(ErrorCode.INVALID_UPDATE_VERSION.code())
                                .errorMessage(refusal(update))
                                .build())
                        .toList())
                .build();
        return new Decision<>(List.of(), reply);
    }

    private static String refusal(FeatureUpdate update) {
        return "level " + update.maxVersionLevel() + " of feature " + update.feature()
                + " refused: the brokers of this cluster do not offer that feature";
    }
}
