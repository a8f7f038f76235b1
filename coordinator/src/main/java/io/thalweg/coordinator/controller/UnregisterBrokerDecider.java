package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.BrokerFenceRecord;
import io.thalweg.coordinator.record.BrokerRemovalRecord;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.UnregisterBrokerRequest;
import io.thalweg.protocol.message.UnregisterBrokerResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * UnregisterBroker, key 64, version 0: forgets a broker, which leads and is in sync no more; its replicas stay assigned to it. One that
 * runs registers again.
 */
final class UnregisterBrokerDecider implements Decider<UnregisterBrokerRequest, UnregisterBrokerResponse> {

    private final Elections elections;

    UnregisterBrokerDecider(Elections elections) {
        this.elections = elections;
    }

    @Override
    public Decision<UnregisterBrokerResponse> decide(MetadataImage image, UnregisterBrokerRequest request) {
        var reply = UnregisterBrokerResponse.builder().errorMessage(null);
        return image.broker(request.brokerId())
                .map(broker -> new Decision<>(records(image, broker), reply.build()))
                .orElseGet(() -> new Decision<>(
                        List.of(),
                        reply.errorCode(ErrorCode.BROKER_ID_NOT_REGISTERED.code())
                                .errorMessage("broker " + request.brokerId() + " is not registered")
                                .build()));
    }

    private List<Message> records(MetadataImage image, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(new BrokerFenceRecord(broker.id(), broker.epoch(), true));
        records.addAll(elections.withoutBroker(MetadataRecords.replay(image, records), broker.id()));
        records.add(new BrokerRemovalRecord(broker.id(), broker.epoch()));
        return records;
    }
}
