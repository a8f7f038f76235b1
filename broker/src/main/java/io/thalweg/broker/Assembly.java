package io.thalweg.broker;

import io.thalweg.broker.cleaner.CleanerConfig;
import io.thalweg.broker.cleaner.LogCleaner;
import io.thalweg.broker.config.ConnectionLimits;
import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.NoEffectWarnings;
import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.config.ShardKeys;
import io.thalweg.broker.config.TransportKeys;
import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.group.GroupHosts;
import io.thalweg.broker.group.OffsetsTopic;
import io.thalweg.broker.metadata.BrokerConfigSchema;
import io.thalweg.broker.metadata.IdleSettings;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.ReplicaMoves;
import io.thalweg.broker.metadata.TopicHosting;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.metrics.Meters;
import io.thalweg.broker.request.Connections;
import io.thalweg.broker.runtime.World;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.Shards;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.ControllerRuntime;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds one broker, from the disk up to the sockets, and starts it. The order of its steps is the thread map: timers, storage, shards,
 * controller (on the first shard), event loops of the transport.
 */
final class Assembly {

    private static final Logger log = LoggerFactory.getLogger(Assembly.class);
    private static final long STOP_LIMIT_SECONDS = 20;

    private final Plan plan;
    private final World world;
    private final ResourceStack parts;
    private final ConfigValues config;
    private final Meters meters;
    private final Steps steps;
    private final int nodeId;
    private final GroupHosts groupHosts;

    /** Whether the ends of processes show in connections that are refused, as they do on machines. */
    private final boolean watchesDeaths;

    /** An assembly in this world; what it opens goes to the parts. */
    Assembly(Plan plan, World world, ResourceStack parts, boolean watchesDeaths) {
        this.watchesDeaths = watchesDeaths;
        this.plan = plan;
        this.world = world;
        this.parts = parts;
        this.config = plan.config();
        this.meters = plan.meters();
        this.steps = new Steps(world.patience(), plan.givenUp());
        this.nodeId = ServerKeys.nodeId(config);
        this.groupHosts =
                parts.push(new GroupHosts(config, world.clock(), world.timers(), world.random(), world.workers()));
    }

    /** An assembly on this machine. */
    static Assembly onMachine(Plan plan) {
        var nodeId = ServerKeys.nodeId(plan.config());
        var parts = new ResourceStack(World.patienceOf(nodeId));
        parts.push(plan.meters());
        return new Assembly(plan, World.ofMachine(nodeId, parts::push), parts, true);
    }

    /** An assembly in another world. */
    static Assembly in(World world, Plan plan) {
        var parts = new ResourceStack(world.patience());
        parts.push(plan.meters());
        return new Assembly(plan, world, parts, false);
    }

    Broker start() {
        try {
            return build();
        } catch (RuntimeException | Error e) {
            parts.close();
            throw e;
        }
    }

    private Broker build() {
        var transport = beginTransport();
        var engine = parts.push(plan.storage().open(storageContext()));
        checkSegments(engine);
        var coordination = coordination(engine, transport);
        var shards = startShards(engine, coordination);
        var loop = shards.hosts().get(0).shard();
        var topics = new TopicTable();
        meters.observe(topics);
        var hosting = hosting(engine, shards, topics);
        var follower = follow(loop, hosting);
        var metadataLog = parts.push(coordination.openMetadataLog(loop));
        var controller = startController(coordination, loop, metadataLog, engine, follower);
        var clusterId = Objects.requireNonNull(follower.known().cluster().id(), "cluster id");
        new StorageOwnership(engine, steps).claim(clusterId);
        var channel = coordination.connect(metadataLog, loop, controller, follower);
        var groups =
                new GroupCoordinators(topics, new OffsetsTopic(channel, config, coordination.isAlone()), groupHosts);
        var moves = engine instanceof PlacedEngine placed
                ? new ReplicaMoves(placed, follower, hosting, config.value(ReplicationKeys.ALTER_LOG_DIRS_RATE))
                : null;
        var handlers = new Handlers(config, plan.catalog(), follower, channel, topics, shards, groups, moves, world);
        var connections = parts.push(connections(handlers, coordination.isAlone() ? null : controller));
        var listeners = bind(steps.finish(transport, "opening the transport"), connections);
        steps.finish(
                coordination.join(listeners, Incarnation.begin(engine, world.random())),
                "registration with the controller",
                () -> progress(topics));
        var upkeep = new Upkeep(world, shards, topics);
        upkeep.begin(config, meters.retention());
        coordination.keepUp(upkeep);
        clean(engine, shards, topics);
        connections.serve();
        return new Broker(
                clusterId,
                listeners.stream().map(ListenerConfig::advertised).toList(),
                topics,
                parts,
                coordination::silence);
    }

    private CoordinationPart coordination(StorageEngine engine, CompletionStage<Transport> transport) {
        if (plan.metadataLog() == null) {
            return new AlonePart(config, world.clock(), engine, steps);
        }
        var opened = steps.finish(transport, "opening the transport");
        return new ClusterPart(plan, world, parts, engine, opened, watchesDeaths);
    }

    private TopicHosting hosting(StorageEngine engine, Shards shards, TopicTable topics) {
        return new TopicHosting(
                nodeId,
                Listeners.of(config, HostName::find).interBrokerName(),
                config,
                topics,
                shards,
                engine,
                meters.topics().alsoOnDeletion(groupHosts::topicDeleted));
    }

    private MetadataFollower follow(Shard loop, TopicHosting hosting) {
        var idleSettings = new IdleSettings(plan.catalog(), new NoEffectWarnings(log::warn));
        var follower = new MetadataFollower(loop, nodeId, hosting, idleSettings);
        groupHosts.connect(follower);
        follower.alsoTell(meters.changes(nodeId));
        return follower;
    }

    /** Those of the listener between brokers may ask the controller, if there are other brokers. */
    private Connections connections(Handlers handlers, @Nullable Controller askedByBrokers) {
        var forClients = handlers.router();
        var forBrokers = askedByBrokers == null ? forClients : handlers.interBrokerRouter(askedByBrokers);
        var interBrokerName = Listeners.of(config, HostName::find).interBrokerName();
        var connections = new Connections(
                listener -> listener.equals(interBrokerName) ? forBrokers : forClients,
                world.clock(),
                world.patience(),
                meters.requests(forBrokers.apis()),
                ThrottlePart.of(config, handlers.cluster(), world));
        if (askedByBrokers != null) {
            connections.serveBrokers();
        }
        return connections;
    }

    private CompletionStage<Transport> beginTransport() {
        var given = plan.transport();
        return given != null
                ? CompletableFuture.completedFuture(given)
                : parts.push(OpeningTransport.begin(
                                this::openTransport, world.threads().apply("transport")))
                        .opened();
    }

    private Transport openTransport() {
        int eventLoops = Math.min(
                config.value(TransportKeys.NUM_NETWORK_THREADS),
                Runtime.getRuntime().availableProcessors());
        return Transports.open("thalweg-" + nodeId + "-network", eventLoops);
    }

    private StorageContext storageContext() {
        return new StorageContext(config, world.clock(), world.timers(), world.workers(), world.random());
    }

    private void checkSegments(StorageEngine engine) {
        if (engine instanceof SegmentedEngine) {
            return;
        }
        BrokerConfigSchema.needsSegments(config).ifPresent(why -> {
            throw new ConfigException(why);
        });
        log.info("the storage has no segments: retention.ms lets go of batches one by one, cleanup.policy=compact and"
                + " retention.bytes are refused, and segment.* settings have no effect");
    }

    private Shards startShards(StorageEngine engine, CoordinationPart coordination) {
        List<PartitionHost> hosts = new ArrayList<>();
        for (var index = 0; index < ShardKeys.shardCount(config); index++) {
            var shard = parts.push(new Shard(
                    index,
                    config.value(ShardKeys.RING_SLOTS),
                    world.ringThreads().apply("shard-" + index),
                    engine,
                    world.clock(),
                    meters.shard(index, world.clock())));
            meters.observe(shard);
            shard.start();
            var leadership = groupHosts.add(shard);
            var ports = coordination.ports(shard, leadership);
            hosts.add(new PartitionHost(shard, engine, world.clock(), ports));
        }
        parts.push((AutoCloseable) () -> hosts.forEach(
                host -> steps.finish(host.close(), STOP_LIMIT_SECONDS, "saving the state of partitions")));
        return new Shards(hosts, world.timers());
    }

    private Controller startController(
            CoordinationPart coordination,
            Shard loop,
            MetadataLog metadataLog,
            StorageEngine engine,
            MetadataFollower follower) {
        var schema = new BrokerConfigSchema(nodeId, plan.catalog(), config, engine instanceof SegmentedEngine);
        meters.observe(follower, topic -> schema.rules(follower.image(), topic).minInsyncReplicas());
        var controller = parts.push(new Controller(
                new ControllerRuntime(loop, world.clock(), world.timers(), world.random()),
                ControllerSettings.of(config, coordination.isAlone()),
                metadataLog,
                schema,
                follower));
        controller.start();
        steps.finish(
                follower.firstImage(),
                "reading the metadata log",
                () -> coordination.isAlone()
                        ? "reading the metadata log"
                        : "waiting for a majority of the servers that vote on metadata");
        return controller;
    }

    private List<ListenerConfig> bind(Transport transport, Connections connections) {
        List<ListenerConfig> bound = new ArrayList<>();
        for (var listener : Listeners.of(config, HostName::find).broker()) {
            var limits = ConnectionLimits.of(config);
            var open = parts.push(steps.finish(
                    transport.listen(
                            listener.bind(), limits, connection -> connections.accept(connection, listener.name())),
                    "listening on " + listener.bind()));
            meters.observe(listener.name(), open);
            bound.add(listener.boundTo(open.endpoint()));
            log.debug("listening on {} for {}", open.endpoint(), listener.name());
        }
        return bound;
    }

    private static String progress(TopicTable topics) {
        var partitions = topics.all().stream()
                .flatMap(topic -> topic.partitions().stream())
                .toList();
        var opened = partitions.stream()
                .filter(partition -> partition.leader() != null || partition.isOffline())
                .count();
        return "opening the logs of " + partitions.size() + " partitions: " + opened + " done";
    }

    private void clean(StorageEngine engine, Shards shards, TopicTable topics) {
        var wiring = new LogCleaner.Wiring(shards, topics, engine, world.clock(), world.timers(), world.workers());
        var cleaner = new LogCleaner(wiring, CleanerConfig.of(config));
        parts.push((AutoCloseable) () -> {
            steps.finish(cleaner.stop(), STOP_LIMIT_SECONDS, "stopping the cleaner");
            cleaner.close();
        });
        cleaner.start(meters.cleaner(cleaner::uncleanableCount));
    }
}
