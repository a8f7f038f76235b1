package io.thalweg.broker;

import io.thalweg.broker.cluster.ClusterControllerChannel;
import io.thalweg.broker.cluster.DeathWatch;
import io.thalweg.broker.cluster.Membership;
import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.ReplicaFaults;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.request.ControllerAnswers;
import io.thalweg.broker.runtime.World;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.DirectoryOwner;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.transport.Transport;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What only a broker among others has: ways to the controller on another node, and a membership. Confined to the building of one
 * broker.
 */
final class ClusterPart {

    private static final Logger log = LoggerFactory.getLogger(ClusterPart.class);
    private static final long LEAVE_LIMIT_MILLIS = 20_000;

    private final ConfigValues config;
    private final World world;
    private final ResourceStack parts;
    private final PeerRuntime peers;
    private ClusterControllerChannel.@Nullable Wiring wiring;
    private @Nullable Membership membership;

    ClusterPart(ConfigValues config, World world, ResourceStack parts, Transport transport) {
        this.config = config;
        this.world = world;
        this.parts = parts;
        this.peers = new PeerRuntime(transport, world.clock(), world.timers(), "broker-" + ServerKeys.nodeId(config));
    }

    PeerRuntime peers() {
        return peers;
    }

    /** The way to the controller for what clients ask. */
    ControllerChannel connect(
            MetadataLog metadataLog, Controller controller, MetadataFollower follower, EventLoop loop) {
        var name = Listeners.of(config, HostName::find).interBrokerName();
        var members = metadataLog instanceof AskableLog askable ? askable : null;
        if (members != null) {
            members.answerBy(new ControllerAnswers(controller));
        }
        wiring = new ClusterControllerChannel.Wiring(controller, follower, peers, loop, name, members);
        return channel(config.value(ServerKeys.REQUEST_TIMEOUT_MILLIS));
    }

    /** Has the controller told of brokers whose processes end, while it is the one that decides. */
    void watchDeaths(Controller controller, MetadataFollower follower) {
        var from = Objects.requireNonNull(wiring, "wiring");
        var self = OptionalInt.of(ServerKeys.nodeId(config));
        parts.push(new DeathWatch(
                        new DeathWatch.Ground(from.loop(), world.clock(), world.timers(), peers.transport()),
                        () -> follower.controllerId().equals(self),
                        follower::known,
                        controller::brokerDied))
                .begin();
    }

    /** One more way to the controller, which waits for no other. */
    ControllerChannel channel(long timeoutMillis) {
        return parts.push(new ClusterControllerChannel(
                Objects.requireNonNull(wiring, "wiring"), TimeUnit.MILLISECONDS.toNanos(timeoutMillis)));
    }

    /** Completes once this broker is one of the cluster's. */
    CompletionStage<Void> join(List<ListenerConfig> listeners, Incarnation incarnation, StorageEngine engine) {
        var from = Objects.requireNonNull(wiring, "wiring");
        var joining = new Membership(
                new Membership.Ground(from.loop(), world.clock(), world.timers(), failedDirectoriesOf(engine)),
                channel(config.value(ServerKeys.BROKER_SESSION_TIMEOUT_MILLIS)),
                from.follower(),
                new Membership.Identity(ServerKeys.nodeId(config), config, listeners, incarnation),
                new Membership.Times(
                        TimeUnit.MILLISECONDS.toNanos(config.value(ServerKeys.BROKER_HEARTBEAT_INTERVAL_MILLIS)),
                        TimeUnit.MILLISECONDS.toNanos(config.value(ServerKeys.INITIAL_REGISTRATION_TIMEOUT_MILLIS))));
        membership = joining;
        parts.push((AutoCloseable) () -> leave(joining));
        return joining.join();
    }

    private static Supplier<List<UUID>> failedDirectoriesOf(StorageEngine engine) {
        return engine instanceof DirectoryOwner owner ? owner::failedDirectoryIds : List::of;
    }

    /** Has the controller told of replicas that cannot be served; the result is to be asked to look every now and then. */
    ReplicaFaults watchReplicas(TopicTable topics) {
        var from = Objects.requireNonNull(wiring, "wiring");
        return new ReplicaFaults(
                from.loop(), channel(config.value(ServerKeys.REQUEST_TIMEOUT_MILLIS)), from.follower(), topics);
    }

    private void leave(Membership leaving) {
        if (config.value(ServerKeys.CONTROLLED_SHUTDOWN)) {
            try {
                world.patience().await(leaving.leave(), LEAVE_LIMIT_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                log.warn(
                        "the controller did not move in {} ms what this broker leads; stopping all the same",
                        LEAVE_LIMIT_MILLIS,
                        e);
            }
        }
        leaving.end();
    }

    /** Has nothing more said to the controller. */
    void silence() {
        var silenced = membership;
        if (silenced != null) {
            silenced.end();
        }
    }
}
