package io.thalweg.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.OverflowPolicy;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import io.thalweg.protocol.ApiKey;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits in a virtual thread lets others run: all virtual threads of this module's tests share one carrier, so that a second one runs
 * only once the first has let go of it.
 */
@Timeout(60)
final class VirtualThreadTest {

    private static final Logger LOG = LoggerFactory.getLogger(VirtualThreadTest.class);
    private static final ProducerRecord<String, String> RECORD = ProducerRecord.of(ScriptedBroker.TOPIC, "value");
    private static final Duration EVER = Duration.ofDays(1);
    private static final Subscription<String, String> SUBSCRIPTION = Subscription.builder(
                    "readers", Serde.string(), Serde.string(), ScriptedBroker.TOPIC)
            .build();

    private final ScriptedBroker broker = ScriptedBroker.open(1);
    private final Thalweg client = WireClient.over(broker.network(), ClientConfig.of("broker:9092"));

    @BeforeEach
    void silence() {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads come with JDK 21");
        assertThat(System.getProperty("jdk.virtualThreadScheduler.maxPoolSize"))
                .as("as the pom of this module sets it")
                .isEqualTo("1");
        for (var api : new ApiKey[] {ApiKey.PRODUCE, ApiKey.FETCH, ApiKey.FIND_COORDINATOR}) {
            broker.on(api, (version, request) -> ScriptedBroker.NO_ANSWER);
        }
    }

    @AfterEach
    void close() {
        broker.close();
        client.close();
    }

    /** This code is compiled for JDK 17, which has no virtual threads. */
    private static Thread startVirtual(Runnable task) {
        try {
            MethodHandle start = MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
            return (Thread) start.invoke(task);
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
    }

    private static void assertLetsOthersRun(Runnable wait) throws InterruptedException {
        var waiter = startVirtual(() -> {
            try {
                wait.run();
            } catch (RuntimeException e) {
                LOG.trace("the client is closed under it", e);
            }
        });
        await().until(() ->
                waiter.getState() == Thread.State.WAITING || waiter.getState() == Thread.State.TIMED_WAITING);
        var hasRun = new CountDownLatch(1);

        startVirtual(hasRun::countDown);

        assertThat(hasRun.await(30, TimeUnit.SECONDS)).as("another runs").isTrue();
        assertThat(waiter.isAlive()).as("the first waits still").isTrue();
    }

    @Test
    void whoAwaitsAStageDoes() throws InterruptedException {
        var producer = client.producer(Serde.string(), Serde.string());

        assertLetsOthersRun(() -> Thalweg.await(producer.send(RECORD)));
    }

    @Test
    void whoSendsAndWaitsDoes() throws InterruptedException {
        var producer = client.producer(Serde.string(), Serde.string());

        assertLetsOthersRun(() -> producer.sendAndWait(RECORD));
    }

    @Test
    void whoWaitsForMemoryDoes() throws InterruptedException {
        var config = ProducerConfig.builder()
                .overflow(OverflowPolicy.WAIT)
                .bufferBytes(1)
                .build();
        var producer = client.producer(Serde.string(), Serde.string(), config);
        var unused = producer.send(RECORD);

        assertLetsOthersRun(() -> producer.send(RECORD));
    }

    @Test
    void whoWaitsForATopicDoes() throws InterruptedException {
        broker.on(ApiKey.METADATA, (version, request) -> ScriptedBroker.NO_ANSWER);
        var producer = client.producer(Serde.string(), Serde.string());

        assertLetsOthersRun(() -> producer.send(RECORD));
    }

    @Test
    void whoPollsPartitionsDoes() throws InterruptedException {
        var reader = client.reader(Serde.string(), Serde.string());
        Thalweg.await(reader.assign(Map.of(new TopicPartition(ScriptedBroker.TOPIC, 0), StartPosition.offset(0))));

        assertLetsOthersRun(() -> reader.poll(EVER));
    }

    @Test
    void whoPollsAsAMemberDoes() throws InterruptedException {
        var consumer = client.consumer(SUBSCRIPTION);

        assertLetsOthersRun(() -> consumer.poll(EVER));
    }

    @Test
    void whoClosesAProducerDoes() throws InterruptedException {
        var producer = client.producer(Serde.string(), Serde.string());
        var unused = producer.send(RECORD);

        assertLetsOthersRun(producer::close);
    }
}
