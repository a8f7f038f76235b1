package io.thalweg.broker.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.lmax.disruptor.BlockingWaitStrategy;
import io.thalweg.broker.config.BrokerLayers;
import io.thalweg.broker.config.ConfigCatalog;
import io.thalweg.broker.group.GroupCoordinators;
import io.thalweg.broker.group.GroupHosts;
import io.thalweg.broker.group.OffsetsTopic;
import io.thalweg.broker.metadata.FeatureRange;
import io.thalweg.broker.metadata.HostedTopic;
import io.thalweg.broker.metadata.TestTopics;
import io.thalweg.broker.metadata.TopicTable;
import io.thalweg.broker.partition.Leading;
import io.thalweg.broker.partition.Partition;
import io.thalweg.broker.partition.TopicTraffic;
import io.thalweg.broker.quota.ClientQuotas.Kind;
import io.thalweg.broker.quota.ReplicationThrottle;
import io.thalweg.broker.replication.Assignment;
import io.thalweg.broker.runtime.DaemonThreads;
import io.thalweg.broker.runtime.OwnThread;
import io.thalweg.broker.runtime.ThreadTimers;
import io.thalweg.broker.runtime.ThreadWorkers;
import io.thalweg.broker.shard.PartitionHost;
import io.thalweg.broker.shard.ReplicationPorts;
import io.thalweg.broker.shard.Shard;
import io.thalweg.broker.shard.ShardListener;
import io.thalweg.broker.shard.Shards;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.protocol.ApiKey;
import io.thalweg.protocol.ErrorCode;
import io.thalweg.protocol.record.DecompressionLimit;
import io.thalweg.protocol.record.RecordChecker;
import io.thalweg.spi.config.ConfigValues;
import io.thalweg.spi.runtime.Clock;
import io.thalweg.spi.runtime.Workers;
import io.thalweg.spi.storage.LogId;
import io.thalweg.spi.storage.StorageContext;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.Listener;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.spi.transport.TransportLimits;
import io.thalweg.tck.storage.CheckingStorage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shards and handlers over memory, behind an in-process network: a broker without its start and its controller. Closing asserts that no
 * frame was leaked, and that storage was used as its contract says.
 */
final class BrokerFixture implements AutoCloseable {

    private static final List<Integer> REPLICAS =
            List.of(FakeCluster.BROKER, FakeCluster.BROKER + 1, FakeCluster.BROKER + 2);

    private static final FeatureRange FEATURE = new FeatureRange("test.version", (short) 0, (short) 3);

    private final InProcessNetwork network = InProcessNetwork.open(new TransportContext("fixture", 2));
    private final CheckingStorage storage = new CheckingStorage(new MemoryStorage());
    private final ThreadTimers timers = new ThreadTimers("fixture-timers");
    private final List<TestClient> clients = new ArrayList<>();
    private final List<ClientConnection> connections = new CopyOnWriteArrayList<>();
    private final AtomicInteger unanswered = new AtomicInteger();
    private final AtomicInteger waitingFetches = new AtomicInteger();
    private final Options options;
    private final Listener listener;

    final TestClock clock = new TestClock();
    final FakeCluster cluster = new FakeCluster();
    final FakeController controller = new FakeController();
    final TopicTable topics = new TopicTable();
    private GroupHosts groupHosts;
    private GatedEngine engine;
    private Shards shards;
    private int leaderEpoch = 5;

    /** How long shards seem to work on what they are asked, besides. */
    final AtomicLong shardWorkNanos = new AtomicLong();

    /** That of connections to come. */
    volatile Throttle throttle = Throttle.NONE;

    /** What tests vary; the defaults are roomy. */
    record Options(
            int shardCount,
            int ringSlots,
            int fetchMaxBytes,
            boolean createsTopics,
            ConfigValues config,
            int inSyncCount) {

        static final Options DEFAULT = new Options(2, 64, 50 << 20, false, ConfigValues.empty(), 1);

        Options withRing(int slots) {
            return new Options(1, slots, fetchMaxBytes, createsTopics, config, inSyncCount);
        }

        Options withFetchMaxBytes(int bytes) {
            return new Options(shardCount, ringSlots, bytes, createsTopics, config, inSyncCount);
        }

        Options creatingTopics() {
            return new Options(shardCount, ringSlots, fetchMaxBytes, true, config, inSyncCount);
        }

        Options with(String name, String value) {
            return new Options(
                    shardCount, ringSlots, fetchMaxBytes, createsTopics, config.with(name, value), inSyncCount);
        }

        /** How many of a partition's three replicas are in sync, this broker first. */
        Options withInSync(int count) {
            return new Options(shardCount, ringSlots, fetchMaxBytes, createsTopics, config, count);
        }
    }

    BrokerFixture() {
        this(Options.DEFAULT);
    }

    BrokerFixture(Options options) {
        this.options = options;
        engine = openEngine();
        groupHosts = newGroupHosts();
        shards = startShards();
        listener = get(network.listen(new Endpoint("broker", 0), TransportLimits.DEFAULT, connection -> {
            var handler = new ClientConnection(
                    connection, FakeCluster.LISTENER, router(), clock, new Counter(), throttle, connections::remove);
            connections.add(handler);
            handler.await(throttle.turn("client", FakeCluster.LISTENER));
            return handler;
        }));
        cluster.register(FakeCluster.BROKER, "broker", listener.endpoint().port(), FakeCluster.LISTENER, false);
    }

    private GroupHosts newGroupHosts() {
        return new GroupHosts(
                options.config(),
                new BusyClock(),
                timers,
                new SplittableRandom(1),
                (name, threads) -> new DirectPool());
    }

    /** A clock by which shards work for as long as is set, whenever they look at it. */
    private final class BusyClock implements Clock {

        private final AtomicLong workedNanos = new AtomicLong();

        @Override
        public long millis() {
            return clock.millis();
        }

        @Override
        public long nanos() {
            return clock.nanos() + workedNanos.addAndGet(shardWorkNanos.get());
        }
    }

    /** A shard's, on which what lies between two looks takes as long as is set. */
    private final class ShardClock implements Clock {

        private long nanos;

        @Override
        public long millis() {
            return clock.millis();
        }

        @Override
        public long nanos() {
            nanos += shardWorkNanos.get();
            return nanos;
        }
    }

    /** Groups are there once the partition is led that they are in, as far as its log can be read at once. */
    private static final class DirectPool implements Workers.Pool {

        @Override
        public void execute(Runnable task) {
            task.run();
        }

        @Override
        public void close() {}
    }

    private GatedEngine openEngine() {
        var workers = new ThreadWorkers("fixture-");
        return new GatedEngine(
                storage.open(new StorageContext(options.config(), clock, timers, workers, new SplittableRandom(1))));
    }

    private Shards startShards() {
        var hosts = new ArrayList<PartitionHost>();
        for (var i = 0; i < options.shardCount(); i++) {
            var shard = new Shard(
                    i,
                    options.ringSlots(),
                    new OwnThread(new DaemonThreads("fixture-shard-" + i), new BlockingWaitStrategy()),
                    engine,
                    new ShardClock(),
                    ShardListener.NONE);
            shard.start();
            hosts.add(new PartitionHost(shard, engine, clock, ReplicationPorts.alone(groupHosts.add(shard))));
        }
        return new Shards(hosts, timers);
    }

    private ReplicationThrottle throttle() {
        return ReplicationThrottle.ofLeaders(new ReplicationThrottle.Ground(
                FakeCluster.BROKER, cluster::image, image -> options.config(), clock::nanos, 0));
    }

    private RequestRouter router() {
        var groups = new GroupCoordinators(topics, new OffsetsTopic(controller, options.config(), true), groupHosts);
        return new RequestRouter.Builder()
                .on(
                        ApiKey.PRODUCE,
                        new ProduceHandler(
                                topics, cluster, shards, clock, () -> new RecordChecker(DecompressionLimit.DEFAULT)))
                .on(
                        ApiKey.FETCH,
                        new FetchHandler(
                                topics,
                                cluster,
                                shards,
                                options.fetchMaxBytes(),
                                FakeCluster.LISTENER,
                                true,
                                throttle()))
                .on(ApiKey.LIST_OFFSETS, new ListOffsetsHandler(topics))
                .on(ApiKey.OFFSET_FOR_LEADER_EPOCH, new OffsetForLeaderEpochHandler(topics))
                .on(ApiKey.DESCRIBE_PRODUCERS, new DescribeProducersHandler(topics, shards))
                .on(ApiKey.DELETE_RECORDS, new DeleteRecordsHandler(topics, shards))
                .on(ApiKey.METADATA, new MetadataHandler(cluster, controller, options.createsTopics()))
                .on(ApiKey.DESCRIBE_TOPIC_PARTITIONS, new DescribeTopicPartitionsHandler(cluster, 2_000))
                .on(ApiKey.DESCRIBE_CLIENT_QUOTAS, new DescribeClientQuotasHandler(cluster))
                .on(ApiKey.LIST_CONFIG_RESOURCES, new ListConfigResourcesHandler(cluster))
                .on(ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, new GetTelemetrySubscriptionsHandler(new Random(1)))
                .on(ApiKey.PUSH_TELEMETRY, new PushTelemetryHandler())
                .on(ApiKey.DESCRIBE_CLUSTER, new DescribeClusterHandler(cluster))
                .on(
                        ApiKey.DESCRIBE_CONFIGS,
                        new DescribeConfigsHandler(cluster, ConfigCatalog.ofBroker(List.of()), options.config()))
                .on(ApiKey.CREATE_TOPICS, new CreateTopicsHandler(controller))
                .on(ApiKey.DELETE_TOPICS, new DeleteTopicsHandler(controller))
                .on(ApiKey.CREATE_PARTITIONS, new CreatePartitionsHandler(controller))
                .on(ApiKey.ALTER_CONFIGS, new AlterConfigsHandler(controller))
                .on(ApiKey.ALTER_PARTITION_REASSIGNMENTS, new AlterPartitionReassignmentsHandler(controller))
                .on(ApiKey.INCREMENTAL_ALTER_CONFIGS, new IncrementalAlterConfigsHandler(controller))
                .on(ApiKey.INIT_PRODUCER_ID, new InitProducerIdHandler(cluster, controller))
                .on(ApiKey.FIND_COORDINATOR, new FindCoordinatorHandler(cluster, groups))
                .on(ApiKey.JOIN_GROUP, new JoinGroupHandler(groups))
                .on(ApiKey.SYNC_GROUP, new SyncGroupHandler(groups))
                .on(ApiKey.HEARTBEAT, new HeartbeatHandler(groups))
                .on(ApiKey.LEAVE_GROUP, new LeaveGroupHandler(groups))
                .on(ApiKey.OFFSET_COMMIT, new OffsetCommitHandler(cluster, groups))
                .on(ApiKey.OFFSET_FETCH, new OffsetFetchHandler(cluster, groups))
                .on(ApiKey.OFFSET_DELETE, new OffsetDeleteHandler(cluster, groups))
                .on(ApiKey.LIST_GROUPS, new ListGroupsHandler(groups))
                .on(ApiKey.DESCRIBE_GROUPS, new DescribeGroupsHandler(groups))
                .on(ApiKey.DELETE_GROUPS, new DeleteGroupsHandler(groups))
                .onAll(ApiKey.API_VERSIONS, apis -> new ApiVersionsHandler(apis, List.of(FEATURE), cluster))
                .build();
    }

    TestClient client() {
        var client = TestClient.connect(network, listener.endpoint());
        clients.add(client);
        return client;
    }

    int port() {
        return listener.endpoint().port();
    }

    GatedEngine engine() {
        return engine;
    }

    Shards shards() {
        return shards;
    }

    List<ClientConnection> connections() {
        return connections;
    }

    /** A topic that this broker leads. */
    HostedTopic createTopic(String name, int partitions) {
        return createTopic(name, partitions, Map.of());
    }

    HostedTopic createTopic(String name, int partitions, Map<String, String> configs) {
        var topic = topicToCome(name, partitions, configs);
        comes(topic);
        return topic;
    }

    /** A topic of the cluster that this broker does not know of until it {@link #comes}. */
    HostedTopic topicToCome(String name, int partitions, Map<String, String> configs) {
        var leaders = new int[partitions];
        Arrays.fill(leaders, FakeCluster.BROKER);
        var id = FakeCluster.id(cluster.image().topics().size() + 1);
        cluster.createTopic(name, id, leaders);
        var settings = BrokerLayers.ofStatic(options.config()).topic(ConfigValues.of(configs));
        var hosted = new ArrayList<Partition>();
        for (var i = 0; i < partitions; i++) {
            var log = new LogId(name, id, i);
            hosted.add(new Partition(log, shards.indexOf(log), TopicTraffic.NONE));
        }
        return new HostedTopic(name, id, hosted, settings);
    }

    void comes(HostedTopic topic) {
        topic.partitions().forEach(partition -> lead(topic, partition));
        TestTopics.put(topics, topic);
    }

    private void lead(HostedTopic topic, Partition partition) {
        var leading = new Leading(
                FakeCluster.BROKER,
                leaderEpoch,
                new Assignment(REPLICAS, REPLICAS.subList(0, options.inSyncCount()), leaderEpoch),
                topic.settings().minInsyncReplicas());
        get(shards.hostOf(partition).lead(partition, topic.settings().toLogConfig(), leading));
    }

    /** Has another broker lead the partition, as far as this one is concerned. */
    void giveUp(HostedTopic topic, int partition) {
        var given = topic.partitions().get(partition);
        get(shards.hostOf(given).giveUp(given, ErrorCode.NOT_LEADER_OR_FOLLOWER, "given up by the test"));
    }

    /** Leads the partitions of the topic anew, under the next leader epoch. */
    void leadAgain(HostedTopic topic) {
        leaderEpoch++;
        for (var partition : topic.partitions()) {
            get(shards.hostOf(partition).giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "elected again"));
            lead(topic, partition);
        }
    }

    /** Has the broker lead the partitions of the topic anew and not get at their logs. */
    void failToLead(HostedTopic topic) {
        engine.refuseOpens();
        for (var partition : topic.partitions()) {
            get(shards.hostOf(partition).giveUp(partition, ErrorCode.NOT_LEADER_OR_FOLLOWER, "elected again"));
            assertThatThrownBy(() -> lead(topic, partition)).hasMessageContaining("no opens in this test");
        }
    }

    int leaderEpoch() {
        return leaderEpoch;
    }

    /** Ends the engine and the shards and starts them again; with or without the checkpoints of an orderly stop. */
    void restart(boolean isOrderly, List<HostedTopic> kept) {
        if (isOrderly) {
            shards.hosts().forEach(host -> get(host.close()));
        }
        stopShards();
        engine.close();
        if (!isOrderly) {
            storage.forgetSlices();
        }
        engine = openEngine();
        groupHosts = newGroupHosts();
        shards = startShards();
        leaderEpoch++;
        kept.forEach(topic -> topic.partitions().forEach(partition -> lead(topic, partition)));
    }

    private void stopShards() {
        shards.hosts().forEach(host -> host.shard().close());
        groupHosts.close();
    }

    /** Changes a topic's settings on the fly. */
    HostedTopic configure(HostedTopic topic, Map<String, String> configs) {
        var settings = BrokerLayers.ofStatic(options.config()).topic(ConfigValues.of(configs));
        var changed = new HostedTopic(topic.name(), topic.id(), topic.partitions(), settings);
        TestTopics.put(topics, changed);
        return changed;
    }

    /** Blocks a shard's thread until the future completes. */
    void block(int shard, CompletableFuture<Void> until) {
        var blocked = new CompletableFuture<Void>();
        shards.hosts().get(shard).shard().execute(() -> {
            blocked.complete(null);
            until.join();
        });
        TestClient.get(blocked);
    }

    /** How many requests were understood and not answered yet. */
    int unansweredCount() {
        return unanswered.get();
    }

    int waitingFetchCount() {
        return waitingFetches.get();
    }

    int openFrameCount() {
        return network.openFrameCount();
    }

    void awaitNoOpenFrames() {
        await().atMost(20, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(network.openFrameCount()).isZero());
    }

    static <T> T get(CompletionStage<T> stage) {
        return TestClient.get(stage.toCompletableFuture());
    }

    @Override
    public void close() {
        clients.forEach(TestClient::close);
        engine.releaseCommits();
        awaitNoOpenFrames();
        listener.close();
        stopShards();
        engine.close();
        network.close();
        timers.close();
        storage.assertWellUsed();
    }

    private final class Counter implements RequestListener {

        @Override
        public void began(ApiKey api, int requestBytes) {
            unanswered.incrementAndGet();
        }

        @Override
        public void answered(ApiKey api, int responseBytes, long nanos) {
            unanswered.decrementAndGet();
        }

        @Override
        public void throttled(Kind quota, long nanos) {}

        @Override
        public void fetchWaits() {
            waitingFetches.incrementAndGet();
        }

        @Override
        public void fetchWaited() {
            waitingFetches.decrementAndGet();
        }

        @Override
        public void connected() {}

        @Override
        public void disconnected() {}
    }
}
