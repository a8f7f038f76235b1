package io.thalweg.broker;

import static org.awaitility.Awaitility.await;

import io.thalweg.memory.coordination.InProcessQuorum;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.storage.StorageProvider;
import io.thalweg.spi.transport.Endpoint;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.tck.storage.CheckingStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brokers 1 to n in this process: whole ones, on one in-process network and one metadata quorum, each with a storage that outlives it and
 * watches how it is used. Owned by the test's thread.
 *
 * <p>A broker that is killed or cut off is fenced when its session ends, {@value #SESSION_MILLIS} ms later. On a slow machine that may
 * happen to any broker for a while: tests await the state they need.
 */
public final class TestCluster implements AutoCloseable {

    private static final long LIMIT_SECONDS = 60;
    private static final int SESSION_MILLIS = 3_000;

    private final InProcessNetwork network = InProcessNetwork.open(new TransportContext("cluster", 2));
    private final InProcessQuorum quorum;
    private final SortedMap<Integer, Node> nodes = new TreeMap<>();
    private final SortedMap<String, String> configs = new TreeMap<>();

    /** One node; its broker is null while it is down. */
    private static final class Node {

        private final NodeTransport transport;
        private final CheckingStorage storage;
        private volatile @Nullable Broker broker;

        Node(NodeTransport transport, StorageProvider storage) {
            this.transport = transport;
            this.storage = new CheckingStorage(storage);
        }
    }

    private TestCluster(int nodeCount, Map<String, String> configs, Function<Integer, StorageProvider> storages) {
        this.quorum =
                InProcessQuorum.of(IntStream.rangeClosed(1, nodeCount).boxed().toArray(Integer[]::new));
        this.configs.put("broker.heartbeat.interval.ms", "200");
        this.configs.put("broker.session.timeout.ms", Integer.toString(SESSION_MILLIS));
        this.configs.putAll(configs);
        for (int id = 1; id <= nodeCount; id++) {
            nodes.put(id, new Node(new NodeTransport(network), storages.apply(id)));
        }
    }

    /** Starts three brokers with Kafka's defaults. */
    public static TestCluster start() {
        return start(3, Map.of());
    }

    /** Starts so many brokers, each with these settings over those of the fixture. */
    public static TestCluster start(int nodeCount, Map<String, String> configs) {
        return start(nodeCount, configs, id -> new MemoryStorage());
    }

    /** The same on storages of the test's choice, asked for once by node id. */
    public static TestCluster start(
            int nodeCount, Map<String, String> configs, Function<Integer, StorageProvider> storages) {
        var cluster = new TestCluster(nodeCount, configs, storages);
        try {
            cluster.startAll();
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Starts all that are down at the same time: the first ones need a majority. */
    public void startAll() {
        var starts = nodes.keySet().stream()
                .filter(id -> node(id).broker == null)
                .map(id -> inBackground("start-" + id, () -> startNow(id)))
                .toList();
        starts.forEach(TestCluster::get);
    }

    /** Starts a broker that is down; returns once it is a member again. */
    public Broker start(int id) {
        return get(inBackground("start-" + id, () -> startNow(id)));
    }

    private Broker startNow(int id) {
        var node = node(id);
        if (node.broker != null) {
            throw new IllegalStateException("broker " + id + " is running");
        }
        var broker = Broker.builder()
                .nodeId(id)
                .config(configs)
                .listen("node-" + id + ":0")
                .transport(node.transport)
                .storage(node.storage)
                .metadataLog(quorum)
                .start();
        node.broker = broker;
        return broker;
    }

    private Node node(int id) {
        return Objects.requireNonNull(nodes.get(id), "node");
    }

    /** The running broker of this number. */
    public Broker broker(int id) {
        return Objects.requireNonNull(node(id).broker, "broker that is down");
    }

    /** The numbers of the brokers that are running. */
    public List<Integer> running() {
        return nodes.entrySet().stream()
                .filter(entry -> entry.getValue().broker != null)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Stops a broker in order: its leaderships move first. */
    public void stop(int id) {
        end(id, Broker::close);
    }

    /** Ends a broker without a word: what it leads stays without a leader until its session ends. */
    public void kill(int id) {
        quorum.cutOff(id);
        node(id).transport.cutOff();
        end(id, Broker::halt);
        node(id).storage.forgetSlices();
        node(id).transport.rejoin();
        quorum.rejoin(id);
    }

    private void end(int id, Consumer<Broker> how) {
        var broker = broker(id);
        node(id).broker = null;
        get(inBackground("stop-" + id, () -> {
            how.accept(broker);
            return id;
        }));
    }

    /** Cuts a running broker off from everybody, clients included, as a pause or a broken cable does. */
    public void cutOff(int id) {
        quorum.cutOff(id);
        node(id).transport.cutOff();
    }

    /** Ends what {@link #cutOff} began. */
    public void rejoin(int id) {
        node(id).transport.rejoin();
        quorum.rejoin(id);
    }

    /** The node that leads the metadata log. */
    public int controller() {
        return quorum.leader().orElseThrow();
    }

    /** The quorum, to move its leadership or cut off members of it alone. */
    public InProcessQuorum quorum() {
        return quorum;
    }

    /** The network, for clients. */
    public InProcessNetwork network() {
        return network;
    }

    /** Where clients reach a running broker. */
    public Endpoint endpoint(int id) {
        return broker(id).endpoints().get(0);
    }

    /** Waits until the claim holds; what it throws counts as not yet. */
    public static void awaitThat(String claim, Callable<Boolean> holds) {
        await(claim)
                .atMost(Duration.ofSeconds(LIMIT_SECONDS))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(holds);
    }

    private static <T> CompletableFuture<T> inBackground(String name, Callable<T> task) {
        var done = new CompletableFuture<T>();
        var thread = new Thread(
                () -> {
                    try {
                        done.complete(task.call());
                    } catch (Throwable e) {
                        done.completeExceptionally(e);
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    private static <T> T get(CompletableFuture<T> future) {
        return future.orTimeout(2 * LIMIT_SECONDS, TimeUnit.SECONDS).join();
    }

    /** Ends all brokers without a word to each other. */
    @Override
    public void close() {
        var ends = new ArrayList<CompletableFuture<Integer>>();
        for (int id : running()) {
            var broker = broker(id);
            node(id).broker = null;
            ends.add(inBackground("close-" + id, () -> {
                broker.halt();
                return id;
            }));
        }
        ends.forEach(TestCluster::get);
        network.close();
        nodes.values().forEach(node -> node.storage.assertWellUsed());
    }
}
