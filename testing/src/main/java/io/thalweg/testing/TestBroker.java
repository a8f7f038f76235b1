package io.thalweg.testing;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.NewTopic;
import io.thalweg.api.Thalweg;
import io.thalweg.broker.Broker;
import io.thalweg.client.WireClient;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import io.thalweg.spi.transport.Transport;
import io.thalweg.spi.transport.TransportContext;
import io.thalweg.transport.netty.NettyTransport;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A broker for tests, as a JUnit extension: a static field with {@code @RegisterExtension} has it live as long as the test class, any other as
 * long as each test. Nested classes share that of the class around them. Its records are on the heap, and outlive a {@link #stop} that a {@link #start} follows.
 *
 * <p>Test methods may have a parameter of type {@link Thalweg}, which is {@link #client()}.
 *
 * <p><b>Threads.</b> Any thread, one at a time.
 */
public final class TestBroker
        implements BeforeAllCallback,
                AfterAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                ParameterResolver,
                AutoCloseable {

    private static final String IN_PROCESS = "broker:9092";
    private static final String ANY_PORT = "127.0.0.1:0";

    private final boolean isOnSockets;
    private final Map<String, String> config = new LinkedHashMap<>();
    private MemoryStorage storage = new MemoryStorage();
    private @Nullable Transport transport;
    private @Nullable PausableTransport pausable;
    private @Nullable Broker broker;
    private @Nullable Thalweg client;
    private String address = "";
    /** How many of the test classes that contain each other are under way; 0 for a broker of each test. */
    private int classesCount;

    private TestBroker(boolean isOnSockets) {
        this.isOnSockets = isOnSockets;
        config.put("offsets.topic.num.partitions", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("group.consumer.min.heartbeat.interval.ms", "100");
        config.put("group.consumer.heartbeat.interval.ms", "200");
    }

    /** A broker without sockets: {@link #client()} is the way to it. */
    public static TestBroker inProcess() {
        return new TestBroker(false);
    }

    /** A broker on a free port of this machine, for clients of all kinds: {@link #bootstrap()}. */
    public static TestBroker onPort() {
        return new TestBroker(true);
    }

    /** Sets one of the broker's configs, before it starts. */
    public TestBroker config(String name, String value) {
        config.put(name, value);
        return this;
    }

    /** Starts the broker, with what it had before if it was stopped, at the same address; returns once it serves. */
    public void start() {
        if (broker != null) {
            return;
        }
        var network = transport;
        if (network == null) {
            network = isOnSockets
                    ? NettyTransport.open(new TransportContext("test-broker-network", 1))
                    : InProcessNetwork.open();
            transport = network;
        }
        var listening = new PausableTransport(network);
        pausable = listening;
        var started = Broker.builder()
                .storage(storage)
                .transport(listening)
                .listen(address.isEmpty() ? firstAddress() : address)
                .config(config)
                .start();
        address = started.bootstrap();
        broker = started;
    }

    private String firstAddress() {
        return isOnSockets ? ANY_PORT : IN_PROCESS;
    }

    /** Stops the broker in good order; clients lose their connections and try to get them back. */
    public void stop() {
        resume();
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    /** Has the broker hear nothing that it is asked, as if it hung, until it is resumed; connections stay. */
    public void pause() {
        running();
        if (pausable != null) {
            pausable.pause();
        }
    }

    /** Has the broker hear what it was asked meanwhile, in order. */
    public void resume() {
        if (pausable != null) {
            pausable.resume();
        }
    }

    /** Cuts every connection to the broker, which goes on serving new ones. */
    public void disconnect() {
        running();
        if (pausable != null) {
            pausable.disconnect();
        }
    }

    private void running() {
        if (broker == null) {
            throw new IllegalStateException("the broker does not run; expected start() before");
        }
    }

    /** Where the broker is, {@code host:port}. */
    public String bootstrap() {
        if (address.isEmpty()) {
            throw new IllegalStateException("the broker was not started yet");
        }
        return address;
    }

    /** A client of the broker, always the same, which is closed with it. */
    public Thalweg client() {
        var existing = client;
        if (existing == null) {
            existing = connect();
            client = existing;
        }
        return existing;
    }

    /** A new client of the broker; who asks for it closes it. */
    public Thalweg connect() {
        var network = transport;
        if (network == null) {
            throw new IllegalStateException("the broker was not started yet");
        }
        return WireClient.over(network, ClientConfig.of(bootstrap()));
    }

    /** Creates a topic with one replica of each partition; returns once it can be written to. */
    public void createTopic(String name, int partitions) {
        Thalweg.await(client().admin().createTopic(new NewTopic(name, partitions, 1, Map.of())));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        classesCount++;
        start();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        start();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (classesCount == 0) {
            close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        classesCount--;
        if (classesCount == 0) {
            close();
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Thalweg.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return client();
    }

    /** Ends the broker and its client, and forgets its records. */
    @Override
    public void close() {
        resume();
        if (client != null) {
            client.close();
            client = null;
        }
        stop();
        if (transport != null) {
            transport.close();
            transport = null;
        }
        storage = new MemoryStorage();
        address = "";
    }
}
