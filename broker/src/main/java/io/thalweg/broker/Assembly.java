package io.thalweg.broker;

import io.thalweg.broker.cleaner.CleanerConfig;
import io.thalweg.broker.cleaner.LogCleaner;
import io.thalweg.broker.config.ConnectionLimits;
import io.thalweg.broker.config.ListenerConfig;
import io.thalweg.broker.config.Listeners;
import io.thalweg.broker.config.NoEffectWarnings;
import io.thalweg.broker.config.QuorumConfig;
import io.thalweg.broker.config.ReplicationKeys;
import io.thalweg.broker.config.ServerKeys;
import io.thalweg.broker.config.ShardKeys;
import io.thalweg.broker.config.StorageKeys;
import io.thalweg.broker.config.TransportKeys;
import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.group.GroupHosts;
import io.thalweg.broker.group.OffsetsTopic;
import io.thalweg.broker.metadata.BrokerConfigSchema;
import io.thalweg.broker.metadata.IdleSettings;
import io.thalweg.broker.metadata.Incarnation;
import io.thalweg.broker.metadata.LocalControllerChannel;
import io.thalweg.broker.metadata.LogAdoption;
import io.thalweg.broker.metadata.MetadataFollower;
import io.thalweg.broker.metadata.ReplicaMoves;
import io.thalweg.broker.metadata.SelfRegistration;
import io.thalweg.broker.metadata.TopicHosting;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.metrics.Meters;
import io.thalweg.broker.request.Connections;
import io.thalweg.broker.retention.RetentionSweep;
import io.thalweg.broker.runtime.World;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.Shards;
import io.thalweg.coordinator.controller.Controller;
import io.thalweg.coordinator.controller.ControllerRuntime;
import io.thalweg.coordinator.local.LocalMetadataLog;
import io.thalweg.spi.config.ConfigException;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.coordination.MetadataLog;
import io.thalweg.spi.coordination.MetadataLogContext;
import io.thalweg.spi.runtime.EventLoop;
import io.thalweg.spi.storage.PlacedEngine;
import io.thalweg.spi.storage.SegmentedEngine;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.storage.StorageEngine;
import io.thalweg.spi.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds one broker, from the disk up to the sockets, and starts it. The order of its steps is the thread map: timers, storage, shards,
 * controller (on the first shard), event loops of the transport.
 */
final class Assembly {

    private static final Logger log = LoggerFactory.getLogger(Assembly.class);
    private static final long START_LIMIT_SECONDS = 120;
    private static final long PROGRESS_SECONDS = 5;

    private static final long STOP_LIMIT_SECONDS = 20;
    private static final long WAITS_SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long STATES_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long LOGS_SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long PRODUCERS_SWEEP_NANOS = TimeUnit.MINUTES.toNanos(10);

    private final Plan plan;
    private final World world;
    private final ResourceStack parts;
    private final ConfigValues config;
    private final Meters meters;
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
        var engine = parts.push(openStorage());
        if (!(engine instanceof SegmentedEngine)) {
            BrokerConfigSchema.needsSegments(config).ifPresent(why -> {
                throw new ConfigException(why);
            });
            log.info(
                    "the storage has no segments: retention.ms lets go of batches one by one, cleanup.policy=compact and"
                            + " retention.bytes are refused, and segment.* settings have no effect");
        }
        var cluster = plan.metadataLog() == null
                ? null
                : new ClusterPart(
                        config, world, parts, finish(transport, START_LIMIT_SECONDS, "opening the transport"));
        var replication = cluster == null ? null : new ReplicationPart(config, cluster.peers());
        var shards = startShards(engine, replication);
        var topics = new TopicTable();
        meters.observe(topics);
        var hosting = new TopicHosting(
                nodeId,
                Listeners.of(config, HostName::find).interBrokerName(),
                config,
                topics,
                shards,
                engine,
                meters.topics().alsoOnDeletion(groupHosts::topicDeleted));
        var follower = new MetadataFollower(
                shards.hosts().get(0).shard(),
                nodeId,
                hosting,
                new IdleSettings(plan.catalog(), new NoEffectWarnings(log::warn)));
        groupHosts.connect(follower);
        follower.alsoTell(meters.changes(nodeId));
        var metadataLog =
                parts.push(openMetadataLog(engine, shards.hosts().get(0).shard()));
        var controller = startController(metadataLog, engine, shards, follower);
        var channel = cluster == null
                ? new LocalControllerChannel(controller, follower)
                : cluster.connect(
                        metadataLog, controller, follower, shards.hosts().get(0).shard());
        if (cluster != null && watchesDeaths) {
            cluster.watchDeaths(controller, follower);
        }
        if (replication != null && cluster != null) {
            replication.connect(cluster.channel(config.value(ServerKeys.REQUEST_TIMEOUT_MILLIS)), follower);
        }
        var groups = new GroupCoordinators(topics, new OffsetsTopic(channel, config, cluster == null), groupHosts);
        var moves = engine instanceof PlacedEngine placed
                ? new ReplicaMoves(placed, follower, hosting, config.value(ReplicationKeys.ALTER_LOG_DIRS_RATE))
                : null;
        var handlers = new Handlers(config, plan.catalog(), follower, channel, topics, shards, groups, moves, world);
        var connections = parts.push(connections(handlers, cluster == null ? null : controller));
        if (cluster == null) {
            adopt(engine, controller, follower);
        }
        var listeners = bind(finish(transport, START_LIMIT_SECONDS, "opening the transport"), connections);
        var incarnation = Incarnation.begin(engine, world.random());
        var registered = cluster == null
                ? new SelfRegistration(nodeId, config, listeners, controller, incarnation).register(follower)
                : cluster.join(listeners, incarnation, engine);
        awaitLogs(registered, topics);
        finish(registered, START_LIMIT_SECONDS, "registration with the controller");
        sweep(shards, topics);
        if (cluster != null) {
            var faults = cluster.watchReplicas(topics);
            repeat(LOGS_SWEEP_NANOS, () -> {
                shards.hosts().forEach(PartitionHost::checkLogs);
                faults.look();
            });
        }
        if (replication != null) {
            repeat(replication.lagNanos() / 2, () -> shards.hosts().forEach(PartitionHost::checkIsr));
        }
        clean(engine, shards, topics);
        connections.serve();
        return new Broker(
                Objects.requireNonNull(follower.image().cluster().id(), "cluster id"),
                listeners.stream().map(ListenerConfig::advertised).toList(),
                topics,
                parts,
                cluster == null ? () -> {} : cluster::silence);
    }

    /** Those of the listener between brokers may ask the controller, if there are other brokers. */
    private Connections connections(Handlers handlers, @Nullable Controller askedByBrokers) {
        var router = handlers.router();
        if (askedByBrokers == null) {
            return new Connections(
                    listener -> router,
                    world.clock(),
                    world.patience(),
                    meters.requests(router.apis()),
                    ThrottlePart.of(config, handlers.cluster(), world));
        }
        var interBroker = handlers.interBrokerRouter(askedByBrokers);
        var name = Listeners.of(config, HostName::find).interBrokerName();
        var connections = new Connections(
                listener -> listener.equals(name) ? interBroker : router,
                world.clock(),
                world.patience(),
                meters.requests(interBroker.apis()),
                ThrottlePart.of(config, handlers.cluster(), world));
        connections.serveBrokers();
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

    private StorageEngine openStorage() {
        return plan.storage()
                .open(new StorageContext(config, world.clock(), world.timers(), world.workers(), world.random()));
    }

    private Shards startShards(StorageEngine engine, @Nullable ReplicationPart replication) {
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
            var ports = replication == null ? ReplicationPorts.alone(leadership) : replication.ports(shard, leadership);
            hosts.add(new PartitionHost(shard, engine, world.clock(), ports));
        }
        parts.push((AutoCloseable) () ->
                hosts.forEach(host -> finish(host.close(), STOP_LIMIT_SECONDS, "saving the state of partitions")));
        return new Shards(hosts, world.timers());
    }

    private Controller startController(
            MetadataLog metadataLog, StorageEngine engine, Shards shards, MetadataFollower follower) {
        var loop = shards.hosts().get(0).shard();
        var schema = new BrokerConfigSchema(nodeId, plan.catalog(), config, engine instanceof SegmentedEngine);
        meters.observe(follower, topic -> schema.rules(follower.image(), topic).minInsyncReplicas());
        var runtime = new ControllerRuntime(loop, world.clock(), world.timers(), world.random());
        var controller = parts.push(new Controller(
                runtime, ControllerSettings.of(config, plan.metadataLog() == null), metadataLog, schema, follower));
        controller.start();
        if (plan.metadataLog() != null) {
            awaitQuorum(follower);
        }
        finish(follower.firstImage(), START_LIMIT_SECONDS, "reading the metadata log");
        return controller;
    }

    /** Other servers may come later; meanwhile it is told what is missing. */
    private void awaitQuorum(MetadataFollower follower) {
        for (var seconds = 0L; seconds < START_LIMIT_SECONDS; seconds += PROGRESS_SECONDS) {
            if (isDoneWithin(follower.firstImage(), PROGRESS_SECONDS)) {
                return;
            }
            log.info("waiting for a majority of the servers that vote on metadata");
        }
    }

    private MetadataLog openMetadataLog(StorageEngine engine, EventLoop loop) {
        var provider = plan.metadataLog();
        if (provider == null) {
            return finish(
                    LocalMetadataLog.open(engine, loop, world.clock(), nodeId),
                    START_LIMIT_SECONDS,
                    "opening the metadata log");
        }
        return provider.open(new MetadataLogContext(
                config, QuorumConfig.of(config), world.clock(), world.timers(), world.workers(), world.random()));
    }

    /** What lies in the storage of a cluster's first broker belongs to its topics. */
    private void adopt(StorageEngine engine, Controller controller, MetadataFollower follower) {
        var adoption = new LogAdoption(engine, controller, nodeId, this::settingsOfAdopted);
        var adopted = follower.firstImage().thenCompose(adoption::run);
        while (!isDoneWithin(adopted, PROGRESS_SECONDS)) {
            log.info("reading the ends of the logs that were found");
        }
        finish(adopted, START_LIMIT_SECONDS, "taking over the logs that were found");
    }

    /** Nothing that is taken over goes because of a default. */
    private SortedMap<String, String> settingsOfAdopted(String topic) {
        return topic.equals(OffsetsTopic.NAME)
                ? OffsetsTopic.settings(config)
                : new TreeMap<>(Map.of("retention.ms", "-1", "retention.bytes", "-1"));
    }

    private List<ListenerConfig> bind(Transport transport, Connections connections) {
        List<ListenerConfig> bound = new ArrayList<>();
        for (var listener : Listeners.of(config, HostName::find).broker()) {
            var limits = ConnectionLimits.of(config);
            var open = parts.push(finish(
                    transport.listen(
                            listener.bind(), limits, connection -> connections.accept(connection, listener.name())),
                    START_LIMIT_SECONDS,
                    "listening on " + listener.bind()));
            meters.observe(listener.name(), open);
            bound.add(listener.boundTo(open.endpoint()));
            log.debug("listening on {} for {}", open.endpoint(), listener.name());
        }
        return bound;
    }

    /** Logs are read for as long as it takes; meanwhile it is told how far that is. */
    private void awaitLogs(CompletionStage<Void> registered, TopicTable topics) {
        while (!isDoneWithin(registered, PROGRESS_SECONDS)) {
            var partitions = topics.all().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .toList();
            var opened = partitions.stream()
                    .filter(partition -> partition.leader() != null || partition.isOffline())
                    .count();
            log.info("opening the logs of {} partitions: {} done", partitions.size(), opened);
        }
    }

    private boolean isDoneWithin(CompletionStage<?> stage, long seconds) {
        try {
            world.patience().await(stage.handle((done, failure) -> true), TimeUnit.SECONDS.toMillis(seconds));
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("a stage that cannot fail did", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the start of the broker was interrupted", e);
        }
    }

    private <T> T finish(CompletionStage<T> stage, long limitSeconds, String step) {
        try {
            return world.patience().await(stage, TimeUnit.SECONDS.toMillis(limitSeconds));
        } catch (ExecutionException e) {
            var cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new IllegalStateException(step + " did not succeed: " + cause.getMessage(), cause);
        } catch (TimeoutException e) {
            throw new IllegalStateException(step + " was not done after " + limitSeconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(step + " was interrupted", e);
        }
    }

    /** Looks again and again for what has waited or been idle too long. */
    private void sweep(Shards shards, TopicTable topics) {
        repeat(WAITS_SWEEP_NANOS, () -> shards.hosts().forEach(PartitionHost::expireWaits));
        repeat(LOGS_SWEEP_NANOS, () -> shards.hosts().forEach(PartitionHost::retryOpenings));
        repeat(STATES_SWEEP_NANOS, () -> shards.hosts().forEach(PartitionHost::saveGrown));
        long idleMillis = config.value(StorageKeys.PRODUCER_ID_EXPIRATION_MILLIS);
        repeat(PRODUCERS_SWEEP_NANOS, () -> shards.hosts().forEach(host -> host.expireProducers(idleMillis)));
        var retention = new RetentionSweep(shards, topics, world.clock(), meters.retention());
        repeat(nanos(config.value(StorageKeys.RETENTION_CHECK_INTERVAL_MILLIS)), retention::run);
    }

    private void clean(StorageEngine engine, Shards shards, TopicTable topics) {
        var wiring = new LogCleaner.Wiring(shards, topics, engine, world.clock(), world.timers(), world.workers());
        var cleaner = new LogCleaner(wiring, CleanerConfig.of(config));
        parts.push((AutoCloseable) () -> {
            finish(cleaner.stop(), STOP_LIMIT_SECONDS, "stopping the cleaner");
            cleaner.close();
        });
        cleaner.start(meters.cleaner(cleaner::uncleanableCount));
    }

    private static long nanos(long millis) {
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void repeat(long nanos, Runnable task) {
        world.timers().schedule(nanos, () -> {
            task.run();
            repeat(nanos, task);
        });
    }
}
