package io.thalweg.coordinator.controller;

import io.thalweg.coordinator.metadata.BrokerEndpoint;
import io.thalweg.coordinator.metadata.BrokerImage;
import io.thalweg.coordinator.metadata.MetadataImage;
import io.thalweg.coordinator.record.ImageRecords;
import io.thalweg.coordinator.record.MetadataRecords;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.Message;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * BrokerRegistration, key 62, versions 0-4.
 *
 * <p>A new incarnation gets a new broker epoch and is fenced until it asks not to be. It takes over the node id of a living one only if it
 * presents one of its log directories: it holds the lock that the other one would have to hold, and it may have lost its other disks;
 * where the only broker is in this process there is no other one. What it led is led by others then, and where it may have lost what it
 * had acknowledged (KIP-966) it is not eligible to lead before it has caught up. The same incarnation asking again keeps its epoch.
 */
final class BrokerRegistrationDecider implements Decider<BrokerRegistrationRequest, BrokerRegistrationResponse> {

    private final BrokerSessions sessions;
    private final Elections elections;

    BrokerRegistrationDecider(BrokerSessions sessions, Elections elections) {
        this.sessions = sessions;
        this.elections = elections;
    }

    @Override
    public Decision<BrokerRegistrationResponse> decide(MetadataImage image, BrokerRegistrationRequest request) {
        try {
            return register(image, request);
        } catch (RefusedException e) {
            return new Decision<>(
                    List.of(),
                    BrokerRegistrationResponse.builder()
                            .errorCode(e.error().code())
                            .build());
        }
    }

    private Decision<BrokerRegistrationResponse> register(MetadataImage image, BrokerRegistrationRequest request) {
        check(image, request);
        var previous = image.broker(request.brokerId());
        var isSame = previous.filter(broker -> broker.incarnationId().equals(request.incarnationId()))
                .isPresent();
        long epoch = isSame ? previous.orElseThrow().epoch() : image.cluster().nextBrokerEpoch();
        var broker = new BrokerImage(
                request.brokerId(),
                request.incarnationId(),
                epoch,
                request.listeners().stream()
                        .map(BrokerRegistrationDecider::endpoint)
                        .toList(),
                request.logDirs(),
                request.rack(),
                !isSame || previous.orElseThrow().fenced());
        sessions.registered(broker.id());
        var reply = BrokerRegistrationResponse.builder().brokerEpoch(epoch).build();
        return previous.filter(broker::equals).isPresent()
                ? new Decision<>(List.of(), reply)
                : new Decision<>(records(image, previous.orElse(null), broker), reply);
    }

    /** Where there are other brokers, those lead in place of one that starts; alone it leads again under new epochs. */
    private List<Message> records(MetadataImage image, @Nullable BrokerImage previous, BrokerImage broker) {
        var records = new ArrayList<Message>();
        records.add(ImageRecords.of(broker));
        if (sessions.canEnd() && (previous == null || broker.epoch() != previous.epoch())) {
            var hasAllDisks = previous != null
                    && !previous.directories().isEmpty()
                    && broker.directories().containsAll(previous.directories());
            records.addAll(
                    elections.withoutRestarted(MetadataRecords.replay(image, records), broker.id(), hasAllDisks));
        }
        return records;
    }

    private void check(MetadataImage image, BrokerRegistrationRequest request) {
        if (!Objects.equals(image.cluster().id(), request.clusterId())) {
            throw new RefusedException(
                    ErrorCode.INCONSISTENT_CLUSTER_ID,
                    "broker " + request.brokerId() + " of cluster " + request.clusterId() + " refused: this is cluster "
                            + image.cluster().id());
        }
        if (request.brokerId() < 0 || request.listeners().isEmpty()) {
            throw new RefusedException(
                    ErrorCode.INVALID_REGISTRATION,
                    "broker " + request.brokerId() + " refused: expected an id from 0 and at least one listener");
        }
        image.broker(request.brokerId()).ifPresent(previous -> checkTakeover(previous, request));
    }

    private void checkTakeover(BrokerImage previous, BrokerRegistrationRequest request) {
        var isTakeover = sessions.canEnd()
                && !previous.incarnationId().equals(request.incarnationId())
                && !previous.fenced()
                && sessions.isAlive(previous.id());
        var isElsewhere =
                !previous.directories().isEmpty() && Collections.disjoint(previous.directories(), request.logDirs());
        if (isTakeover && isElsewhere) {
            throw new RefusedException(
                    ErrorCode.DUPLICATE_BROKER_REGISTRATION,
                    "broker " + previous.id() + " refused: another incarnation holds the log directories "
                            + previous.directories());
        }
    }

    private static BrokerEndpoint endpoint(BrokerRegistrationRequest.Listener listener) {
        return new BrokerEndpoint(listener.name(), listener.host(), listener.port(), listener.securityProtocol());
    }
}
