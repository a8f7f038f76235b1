package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.BrokerFenceRecord;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;

/**
 * BrokerHeartbeat, key 63, versions 0-2.
 *
 * <p>Keeps the broker's session; nothing is logged unless the broker is fenced or unfenced by it. A broker asks to be unfenced only when
 * it has seen its own registration in the metadata log, which it follows, so it is always caught up. One that wants to shut down loses what
 * it leads first, to brokers that can lead; once it leads nothing it is fenced and may go.
 */
final class BrokerHeartbeatDecider implements Decider<BrokerHeartbeatRequest, BrokerHeartbeatResponse> {

    private final BrokerSessions sessions;
    private final Elections elections;

    BrokerHeartbeatDecider(BrokerSessions sessions, Elections elections) {
        this.sessions = sessions;
        this.elections = elections;
    }

    @Override
    public Decision<BrokerHeartbeatResponse> decide(MetadataImage image, BrokerHeartbeatRequest request) {
        try {
            var broker = RegisteredBrokers.find(image, request.brokerId(), request.brokerEpoch());
            sessions.heard(broker.id());
            sessions.leaving(broker.id(), request.wantShutDown());
            return request.wantShutDown() ? leave(image, broker) : stay(image, broker, request.wantFence());
        } catch (RefusedException e) {
            var reply = BrokerHeartbeatResponse.builder()
                    .errorCode(e.error().code())
                    .build();
            return new Decision<>(List.of(), reply);
        }
    }

    private Decision<BrokerHeartbeatResponse> leave(MetadataImage image, BrokerImage broker) {
        if (!broker.fenced()) {
            var moves = elections.withoutBroker(image, broker.id());
            if (!moves.isEmpty()) {
                return new Decision<>(moves, reply(false, false));
            }
        }
        return new Decision<>(broker.fenced() ? List.of() : fence(image, broker), reply(true, true));
    }

    private Decision<BrokerHeartbeatResponse> stay(MetadataImage image, BrokerImage broker, boolean wantFence) {
        if (broker.fenced() == wantFence) {
            return new Decision<>(List.of(), reply(wantFence, false));
        }
        return new Decision<>(wantFence ? fence(image, broker) : unfence(image, broker), reply(wantFence, false));
    }

    private static BrokerHeartbeatResponse reply(boolean isFenced, boolean mayShutDown) {
        return BrokerHeartbeatResponse.builder()
                .isCaughtUp(true)
                .isFenced(isFenced)
                .shouldShutDown(mayShutDown)
                .build();
    }

    /** The records that take a broker out of service. */
    List<Message> fence(MetadataImage image, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(new BrokerFenceRecord(broker.id(), broker.epoch(), true));
        records.addAll(elections.withoutBroker(MetadataRecords.replay(image, records), broker.id()));
        return records;
    }

    private List<Message> unfence(MetadataImage image, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(new BrokerFenceRecord(broker.id(), broker.epoch(), false));
        records.addAll(elections.withBroker(MetadataRecords.replay(image, records), broker.id()));
        return records;
    }
}
