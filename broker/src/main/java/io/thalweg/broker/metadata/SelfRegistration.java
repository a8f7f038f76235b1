package io.thalweg.broker.metadata;

import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.message.BrokerHeartbeatRequest;
import io.thalweg.protocol.message.BrokerHeartbeatResponse;
import io.thalweg.protocol.message.BrokerRegistrationRequest;
import io.thalweg.protocol.message.BrokerRegistrationResponse;
import io.thalweg.spi.config.ConfigValues;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/**
 * Makes this broker a member of its cluster: registers its new incarnation, which ends every leader epoch of its former life, and asks
 * to be unfenced.
 */
public final class SelfRegistration {

    private final int nodeId;
    private final ConfigValues config;
    private final List<ListenerConfig> listeners;
    private final Controller controller;
    private final Incarnation incarnation;

    public SelfRegistration(
            int nodeId,
            ConfigValues config,
            List<ListenerConfig> listeners,
            Controller controller,
            Incarnation incarnation) {
        this.nodeId = nodeId;
        this.config = config;
        this.listeners = List.copyOf(listeners);
        this.controller = controller;
        this.incarnation = incarnation;
    }

    /** Completes once the broker leads all that it is to lead. */
    public CompletionStage<Void> register(MetadataFollower follower) {
        return follower.firstImage()
                .thenCompose(image -> controller.submit(
                        registration(
                                Objects.requireNonNull(image.cluster().id(), "cluster id"),
                                nodeId,
                                config,
                                listeners,
                                incarnation),
                        BrokerRegistrationResponse.class))
                .thenCompose(reply -> {
                    require(reply.errorCode(), "registration");
                    return controller.submit(heartbeat(reply.brokerEpoch()), BrokerHeartbeatResponse.class);
                })
                .thenCompose(reply -> {
                    require(reply.errorCode(), "first heartbeat");
                    return follower.activate();
                });
    }

    /** The request by which a broker presents itself. */
    public static BrokerRegistrationRequest registration(
            String clusterId,
            int nodeId,
            ConfigValues config,
            List<ListenerConfig> listeners,
            Incarnation incarnation) {
        return BrokerRegistrationRequest.builder()
                .brokerId(nodeId)
                .clusterId(clusterId)
                .incarnationId(incarnation.id())
                .logDirs(incarnation.directories())
                .rack(config.find(ServerKeys.BROKER_RACK).orElse(null))
                .listeners(listeners.stream().map(SelfRegistration::listener).toList())
                .build();
    }

    private static BrokerRegistrationRequest.Listener listener(ListenerConfig listener) {
        return BrokerRegistrationRequest.Listener.builder()
                .name(listener.name())
                .host(listener.advertised().host())
                .port(listener.advertised().port())
                .securityProtocol(listener.protocol().code())
                .build();
    }

    private BrokerHeartbeatRequest heartbeat(long brokerEpoch) {
        return BrokerHeartbeatRequest.builder()
                .brokerId(nodeId)
                .brokerEpoch(brokerEpoch)
                .wantFence(false)
                .build();
    }

    private void require(short errorCode, String step) {
        if (errorCode != ErrorCode.NONE.code()) {
            throw new IllegalStateException(
                    step + " of broker " + nodeId + " refused: " + ErrorCode.forCode(errorCode));
        }
    }
}
