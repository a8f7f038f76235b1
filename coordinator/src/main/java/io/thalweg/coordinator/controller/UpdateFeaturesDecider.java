package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.ClusterImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.UpdateFeaturesRequest;
import io.thalweg.protocol.message.UpdateFeaturesRequest.FeatureUpdate;
import io.thalweg.protocol.message.UpdateFeaturesResponse;
import java.util.List;

/**
 * UpdateFeatures, key 57, versions 0-2.
 *
 * <p>The one feature that brokers offer has one level, so that an update to another one, or of another feature, is refused, as Kafka
 * refuses what it does not know. All updates are made, or none.
 */
final class UpdateFeaturesDecider implements Decider<UpdateFeaturesRequest, UpdateFeaturesResponse> {

    @Override
    public Decision<UpdateFeaturesResponse> decide(MetadataImage image, UpdateFeaturesRequest request) {
        var updates = request.featureUpdates();
        var refused = updates.stream().filter(update -> !isAsItIs(update)).findFirst();
        var code = refused.isEmpty() ? ErrorCode.NONE : ErrorCode.INVALID_UPDATE_VERSION;
        var reply = UpdateFeaturesResponse.builder()
                .errorCode(code.code())
                .errorMessage(refused.map(UpdateFeaturesDecider::refusal).orElse(null))
                .results(updates.stream()
                        .map(update -> UpdateFeaturesResponse.Result.builder()
                                .feature(update.feature())
                                .errorCode(code.code())
                                .errorMessage(refused.isEmpty() ? null : refusal(update))
                                .build())
                        .toList())
                .build();
        return new Decision<>(List.of(), reply);
    }

    private static boolean isAsItIs(FeatureUpdate update) {
        return update.feature().equals(ClusterImage.GROUP_VERSION)
                && update.maxVersionLevel() == ClusterImage.GROUP_LEVEL;
    }

    private static String refusal(FeatureUpdate update) {
        var level = "level " + update.maxVersionLevel() + " of feature " + update.feature() + " refused: ";
        return update.feature().equals(ClusterImage.GROUP_VERSION)
                ? level + "brokers offer level " + ClusterImage.GROUP_LEVEL
                        + ", and group.coordinator.rebalance.protocols says which protocols"
                : level + "the brokers of this cluster do not offer that feature";
    }
}
