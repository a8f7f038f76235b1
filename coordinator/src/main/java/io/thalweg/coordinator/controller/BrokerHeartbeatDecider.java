package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.BrokerFenceRecord;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * BrokerHeartbeat, key 63, versions 0-2.
 *
 * <p>Keeps the broker's session; nothing is logged unless the broker is fenced or unfenced by it. A broker asks to be unfenced only when
 * it has seen its own registration in the metadata log, which it follows, so it is always caught up. One that wants to shut down is
 * fenced, which moves its leaderships, and may go.
 */
final class BrokerHeartbeatDecider implements Decider<BrokerHeartbeatRequest, BrokerHeartbeatResponse> {

    private final BrokerSessions sessions;

    BrokerHeartbeatDecider(BrokerSessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Decision<BrokerHeartbeatResponse> decide(MetadataImage image, BrokerHeartbeatRequest request) {
        try {
            var broker = RegisteredBrokers.find(image, request.brokerId(), request.brokerEpoch());
            sessions.heard(broker.id());
            var isFenced = request.wantFence() || request.wantShutDown();
            var reply = BrokerHeartbeatResponse.builder()
                    .isCaughtUp(true)
                    .isFenced(isFenced)
                    .shouldShutDown(request.wantShutDown())
                    .build();
            return new Decision<>(
                    broker.fenced() == isFenced ? List.of() : isFenced ? fence(image, broker) : unfence(image, broker),
                    reply);
        } catch (RefusedException e) {
            var reply = BrokerHeartbeatResponse.builder()
                    .errorCode(e.error().code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
    }

    /** The records that take a broker out of service. */
    static List<Message> fence(MetadataImage image, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(new BrokerFenceRecord(broker.id(), broker.epoch(), true));
        records.addAll(Elections.withoutBroker(image, broker.id()));
        return records;
    }

    private static List<Message> unfence(MetadataImage image, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(new BrokerFenceRecord(broker.id(), broker.epoch(), false));
        records.addAll(Elections.withBroker(image, broker.id()));
        return records;
    }
}
