package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.ProducerIdsRecord;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.AllocateProducerIdsRequest;
import io.thalweg.protocol.message.AllocateProducerIdsResponse;
import java.util.List;

/** AllocateProducerIds, key 67, version 0: gives a broker a block of ids that no one gets again. */
final class AllocateProducerIdsDecider implements Decider<AllocateProducerIdsRequest, AllocateProducerIdsResponse> {

    static final int BLOCK_SIZE = 1000;

    @Override
    public Decision<AllocateProducerIdsResponse> decide(MetadataImage image, AllocateProducerIdsRequest request) {
        try {
            RegisteredBrokers.find(image, request.brokerId(), request.brokerEpoch());
            long start = image.cluster().nextProducerId();
            if (start > Long.MAX_VALUE - BLOCK_SIZE) {
                throw new RefusedException(ErrorCode.UNKNOWN_SERVER_ERROR, "all producer ids are given");
            }
            var reply = AllocateProducerIdsResponse.builder()
                    .producerIdStart(start)
                    .producerIdLen(BLOCK_SIZE)
                    .build();
            return new Decision<>(List.of(new ProducerIdsRecord(start + BLOCK_SIZE)), reply);
        } catch (RefusedException e) {
            var reply = AllocateProducerIdsResponse.builder()
                    .errorCode(e.error().code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
    }
}
