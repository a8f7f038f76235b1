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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * A broker for tests, as a JUnit extension: a static field with {@code @RegisterExtension} has it live as long as the test class, any other
 * as long as each test. Nested classes share that of the class around them. Its records are on the heap, and outlive a {@link #stop} or a
 * {@link #crash} that a {@link #start} follows.
 *
 * <p>Test methods, and those before and after them, may have a parameter of type {@link Thalweg}, which is {@link #client()}; with several
 * extensions of this class JUnit does not know whose is meant, and refuses.
 *
 * <p>What goes wrong with brokers a test can have go wrong: {@link #crash}, {@link #pause}, {@link #cutNetwork}, {@link #disconnect},
 * {@link #advanceClock}.
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
    private final AtomicLong clockAhead = new AtomicLong();
    private MemoryStorage storage = new MemoryStorage();
    private @Nullable Transport transport;
    private @Nullable PausableTransport pausable;
    private @Nullable Broker broker;
    private @Nullable TestWorld world;
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
        var machine = new TestWorld(clockAhead);
        world = machine;
        try {
            var started = Broker.builder()
                    .storage(storage)
                    .transport(listening)
                    .listen(address.isEmpty() ? firstAddress() : address)
                    .config(config)
                    .start(machine.world());
            address = started.bootstrap();
            broker = started;
        } finally {
            if (broker == null) {
                machine.close();
            }
        }
    }

    private String firstAddress() {
        return isOnSockets ? ANY_PORT : IN_PROCESS;
    }

    /** Stops the broker in good order; clients lose their connections and try to get them back. */
    public void stop() {
        healNetwork();
        resume();
        end();
    }

    private void end() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
        if (world != null) {
            world.close();
            world = null;
        }
    }

    /**
     * Ends the broker as the end of its process would: clients find their connections gone, nothing that they have asked is answered any
     * more, and nothing is put in order. What was acknowledged is there after a {@link #start}, and of the rest any part may be.
     */
    public void crash() {
        running();
        if (pausable != null) {
            pausable.sever();
        }
        storage = storage.afterCrash();
        end(); // What it still writes is lost with the storage that it had.
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

    /** Has nothing that is sent to the broker or by it arrive, as on a network that is cut, until it is healed; connections stay. */
    public void cutNetwork() {
        running();
        if (pausable != null) {
            pausable.cut();
        }
    }

    /** Has arrive what was sent meanwhile, in order. */
    public void healNetwork() {
        if (pausable != null) {
            pausable.heal();
        }
    }

    /**
     * Has it be so much later for the broker, also after it was started anew: for what goes by the time of day, such as timestamps that it
     * gives, retention and expiry, which it looks at as often as it is configured to. What waits for a while, such as a fetch or a session,
     * waits no less.
     */
    public void advanceClock(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("clock ahead by " + duration + "; expected 0 or more");
        }
        clockAhead.addAndGet(duration.toMillis());
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
        healNetwork();
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
        clockAhead.set(0);
        address = "";
    }
}
