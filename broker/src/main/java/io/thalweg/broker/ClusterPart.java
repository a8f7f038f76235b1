package io.thalweg.broker;

import io.thalweg.broker.cluster.ClusterControllerChannel;
import io.thalweg.broker.cluster.DeathWatch;
import io.thalweg.broker.cluster.Membership;
import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.QuorumConfig;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.metadata.ControllerChannel;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.ReplicaFaults;
import io.thalweg.broker.peer.PeerRuntime;
import io.thalweg.broker.request.ControllerAnswers;
import io.thalweg.broker.runtime.World;
import io.thalweg.broker.shard.LeadershipListener;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.spi.config.ConfigKey;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.AskableLog;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.coordination.MetadataLogProvider;
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
 * What a broker among others has of them: a member of the metadata quorum, ways to the controller on another node, a membership, and
 * replication.
 */
final class ClusterPart implements CoordinationPart {

    private static final Logger log = LoggerFactory.getLogger(ClusterPart.class);
    private static final long LEAVE_LIMIT_MILLIS = 20_000;
    private static final long LOGS_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ConfigValues config;
    private final MetadataLogProvider quorum;
    private final World world;
    private final ResourceStack parts;
    private final StorageEngine engine;
    private final PeerRuntime peers;
    private final ReplicationPart replication;

    /** Whether the ends of processes show in connections that are refused, as they do on machines. */
    private final boolean watchesDeaths;

    private ClusterControllerChannel.@Nullable Wiring wiring;
    private @Nullable Membership membership;

    /** The part of a broker with a member of a quorum; what it opens goes to the parts. */
    ClusterPart(
            Plan plan,
            World world,
            ResourceStack parts,
            StorageEngine engine,
            Transport transport,
            boolean watchesDeaths) {
        this.config = plan.config();
        this.quorum = Objects.requireNonNull(plan.metadataLog(), "metadata log");
        this.world = world;
        this.parts = parts;
        this.engine = engine;
        this.peers = new PeerRuntime(transport, world.clock(), world.timers(), "broker-" + ServerKeys.nodeId(config));
        this.replication = new ReplicationPart(config, peers);
        this.watchesDeaths = watchesDeaths;
    }

    @Override
    public boolean isAlone() {
        return false;
    }

    @Override
    public ReplicationPorts ports(EventLoop shard, LeadershipListener leadership) {
        return replication.ports(shard, leadership);
    }

    @Override
    public MetadataLog openMetadataLog(EventLoop loop) {
        return quorum.open(new MetadataLogContext(
                config, QuorumConfig.of(config), world.clock(), world.timers(), world.workers(), world.random()));
    }

    @Override
    public ControllerChannel connect(
            MetadataLog metadataLog, EventLoop loop, Controller controller, MetadataFollower follower) {
        var name = Listeners.of(config, HostName::find).interBrokerName();
        var members = metadataLog instanceof AskableLog askable ? askable : null;
        if (members != null) {
            members.answerBy(new ControllerAnswers(controller));
        }
        wiring = new ClusterControllerChannel.Wiring(controller, follower, peers, loop, name, members);
        var forClients = channel(ServerKeys.REQUEST_TIMEOUT_MILLIS);
        if (watchesDeaths) {
            watchDeaths(wiring);
        }
        replication.connect(channel(ServerKeys.REQUEST_TIMEOUT_MILLIS), follower);
        return forClients;
    }

    /** Has the controller told of brokers whose processes end, while it is the one that decides. */
    private void watchDeaths(ClusterControllerChannel.Wiring from) {
        var self = OptionalInt.of(ServerKeys.nodeId(config));
        parts.push(new DeathWatch(
                        new DeathWatch.Ground(from.loop(), world.clock(), world.timers(), peers.transport()),
                        () -> from.follower().controllerId().equals(self),
                        from.follower()::known,
                        from.controller()::brokerDied))
                .begin();
    }

    /** One more way to the controller, which waits for no other. */
    private ControllerChannel channel(ConfigKey<Integer> timeoutMillis) {
        return parts.push(new ClusterControllerChannel(wiring(), nanos(timeoutMillis)));
    }

    private ClusterControllerChannel.Wiring wiring() {
        return Objects.requireNonNull(wiring, "wiring");
    }

    private long nanos(ConfigKey<Integer> key) {
        return TimeUnit.MILLISECONDS.toNanos(config.value(key));
    }

    @Override
    public CompletionStage<Void> join(List<ListenerConfig> listeners, Incarnation incarnation) {
        var from = wiring();
        var joining = new Membership(
                new Membership.Ground(from.loop(), world.clock(), world.timers(), failedDirectories()),
                channel(ServerKeys.BROKER_SESSION_TIMEOUT_MILLIS),
                from.follower(),
                new Membership.Identity(ServerKeys.nodeId(config), config, listeners, incarnation),
                new Membership.Times(
                        nanos(ServerKeys.BROKER_HEARTBEAT_INTERVAL_MILLIS),
                        nanos(ServerKeys.INITIAL_REGISTRATION_TIMEOUT_MILLIS)));
        membership = joining;
        parts.push((AutoCloseable) () -> leave(joining));
        return joining.join();
    }

    private Supplier<List<UUID>> failedDirectories() {
        return engine instanceof DirectoryOwner owner ? owner::failedDirectoryIds : List::of;
    }

    /** Looks for replicas that cannot be served, and for followers that are behind. */
    @Override
    public void keepUp(Upkeep upkeep) {
        var from = wiring();
        var faults = new ReplicaFaults(
                from.loop(), channel(ServerKeys.REQUEST_TIMEOUT_MILLIS), from.follower(), upkeep.topics());
        upkeep.repeat(LOGS_NANOS, () -> {
            upkeep.shards().hosts().forEach(PartitionHost::checkLogs);
            faults.look();
        });
        upkeep.onShards(replication.lagNanos() / 2, PartitionHost::checkIsr);
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

    @Override
    public void silence() {
        var silenced = membership;
        if (silenced != null) {
            silenced.end();
        }
    }
}
