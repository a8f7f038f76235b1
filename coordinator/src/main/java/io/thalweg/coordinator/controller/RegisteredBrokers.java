package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.protocol.ErrorCode;

/** Finds the broker that sends a request, which must be its newest incarnation. */
final class RegisteredBrokers {

    private RegisteredBrokers() {}

    static BrokerImage find(MetadataImage image, int id, long epoch) {
        var broker = image.broker(id)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.BROKER_ID_NOT_REGISTERED, "broker " + id + " is not registered"));
        if (broker.epoch() != epoch) {
            throw new RefusedException(
                    ErrorCode.STALE_BROKER_EPOCH,
                    "broker " + id + " at epoch " + epoch + " refused: it is registered at epoch " + broker.epoch());
        }
        return broker;
    }
}
