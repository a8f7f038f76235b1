package io.thalweg.integration.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.thalweg.broker.Broker;
import io.thalweg.storage.file.FileStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whole brokers over TCP and files, as an application embeds them. What would not end is ended by the limit of each test. */
final class LifeTest {

    /** More than is kept for use, and less than a hundred brokers leave if each forgets what one event loop holds. */
    private static final long MEMORY_BYTES = 32L << 20;

    @TempDir
    private Path directory;

    @AfterEach
    void noThreadIsLeft() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(Holdings.now().brokerThreads()).isEmpty());
    }

    private static Broker start(Path at) {
        return Broker.builder()
                .storage(FileStorage.at(at))
                .listen("127.0.0.1:0")
                .start();
    }

    /** Starts a broker where others have been and checks that it is a good one. */
    private void worksAgain() throws IOException {
        try (var broker = start(directory);
                var ledger = Ledger.on(broker)) {
            var offset = ledger.append("again");

            assertThat(ledger.read(offset)).containsExactly("again");
        }
    }

    @Test
    void directoryWhoseIdIsDamagedGetsAnotherAndIsServed() throws Exception {
        worksAgain();
        Files.writeString(directory.resolve("directory-id"), "damaged");

        worksAgain();
    }

    @Test
    void severalBrokersLiveInOneProcess() throws Exception {
        var brokers = new ArrayList<Broker>();
        try {
            for (var number = 0; number < 5; number++) {
                brokers.add(start(directory.resolve("broker-" + number)));
            }
            for (var broker : brokers) {
                try (var ledger = Ledger.on(broker)) {
                    assertThat(ledger.append(broker.clusterId())).isZero();
                }
            }
            brokers.remove(2).close();

            for (var broker : brokers) {
                try (var ledger = Ledger.on(broker)) {
                    assertThat(ledger.read(0)).containsExactly(broker.clusterId());
                }
            }
        } finally {
            brokers.forEach(Broker::close);
        }
    }

    @Test
    void aSecondBrokerOnTheSameDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        try (var first = start(directory);
                var ledger = Ledger.on(first)) {
            assertThatThrownBy(() -> start(directory)).hasMessageContaining(directory.toString());

            assertThat(ledger.append("still here")).isZero();
        }
    }

    @Test
    void aBrokerThatIsNotStartedHoldsNothing() throws Exception {
        var target = directory.resolve("never");
        var builder = Broker.builder().storage(FileStorage.at(target)).listen("127.0.0.1:0");

        assertThat(builder).isNotNull();
        assertThat(Files.exists(target)).isFalse();
        assertThat(Holdings.now().brokerThreads()).isEmpty();
    }

    @Test
    void aStartThatIsInterruptedLeavesNothingBehind() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        System.out.println("interrupted starts: -Dseed=" + seed);
        var random = new Random(seed);
        for (var round = 0; round < 20; round++) {
            var starting = new CountDownLatch(1);
            var thread = new Thread(
                    () -> {
                        starting.countDown();
                        try {
                            start(directory).close();
                        } catch (RuntimeException e) {
                            assertThat(e).isNotNull();
                        }
                    },
                    "starting");
            thread.start();
            starting.await();
            for (var spins = random.nextInt(200_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }

            thread.interrupt();

            thread.join();
            worksAgain();
        }
    }

    @Test
    void anInterruptedThreadMayStopABroker() throws Exception {
        var broker = start(directory);
        try (var ledger = Ledger.on(broker)) {
            ledger.append("kept");
        }

        Thread.currentThread().interrupt();
        broker.close();

        assertThat(Thread.interrupted()).as("the interrupt is still there").isTrue();
        assertThat(directory.resolve(".kafka_cleanshutdown")).exists();
        worksAgain();
    }

    @Test
    void stoppingManyTimesAtOnceIsStoppingOnce() throws Exception {
        var broker = start(directory);
        var failures = new ArrayList<AtomicReference<Throwable>>();
        var threads = new ArrayList<Thread>();
        for (var number = 0; number < 8; number++) {
            var failure = new AtomicReference<Throwable>();
            failures.add(failure);
            var thread = new Thread(broker::close, "stopping-" + number);
            thread.setUncaughtExceptionHandler((same, thrown) -> failure.set(thrown));
            threads.add(thread);
        }

        threads.forEach(Thread::start);
        for (var thread : threads) {
            thread.join();
        }

        assertThat(failures).extracting(AtomicReference::get).containsOnlyNulls();
        broker.close();
        worksAgain();
    }

    @Test
    void aFetchThatWaitsAndAnIdleClientDoNotHoldUpTheEnd() throws Exception {
        var broker = start(directory);
        try (var waiting = Ledger.on(broker);
                var idle = Ledger.on(broker)) {
            var end = idle.append("only") + 1;
            var client = waiting.beginToWait(end);
            assertThat(idle.read(end)).isEmpty();

            broker.close();

            assertThat(client.bytesUntilHungUp()).isZero();
        }
        worksAgain();
    }

    @Test
    void aClientThatTakesNoAnswersDoesNotHoldUpTheEnd() throws Exception {
        var broker = start(directory);
        try (var ledger = Ledger.on(broker)) {
            for (var number = 0; number < 20; number++) {
                ledger.append("x".repeat(900));
            }
            for (var number = 0; number < 2_000; number++) {
                ledger.beginToRead(0);
            }

            broker.close();
        }
        worksAgain();
    }

    @Test
    void producersAreAnsweredOrHungUpOnAndLoseNothing() throws Exception {
        var acknowledged = new CopyOnWriteArrayList<String>();
        var broker = start(directory);
        var producer = new Thread(() -> appendUntilHungUp(broker, acknowledged), "producing");
        producer.start();
        Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> acknowledged.size() >= 20 || !producer.isAlive());

        broker.close();

        producer.join();
        try (var again = start(directory);
                var ledger = Ledger.on(again)) {
            assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(20);
            assertThat(ledger.read(0)).startsWith(acknowledged.toArray(String[]::new));
        }
    }

    private static void appendUntilHungUp(Broker broker, List<String> acknowledged) {
        try (var ledger = Ledger.on(broker)) {
            for (var number = 0; ; number++) {
                ledger.append("record " + number);
                acknowledged.add("record " + number);
            }
        } catch (IOException | AssertionError e) {
            // Hung up on, or refused; neither was acknowledged.
            assertThat(e).isNotNull();
        }
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void aHundredLivesLeaveNothingBehind() throws Exception {
        for (var round = 0; round < 10; round++) {
            live(round);
        }
        var before = Holdings.now();

        for (var round = 10; round < 110; round++) {
            live(round);
        }

        assertThat(Holdings.now().descriptors())
                .hasSizeLessThan(before.descriptors().size() + 10);
        // The JVM gives buffers back some time after the collector has found them.
        Awaitility.await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            var after = Holdings.now();
            assertThat(after.nettyBytes()).isLessThan(before.nettyBytes() + MEMORY_BYTES);
            assertThat(after.jvmBytes()).isLessThan(before.jvmBytes() + MEMORY_BYTES);
        });
    }

    private void live(int round) throws IOException {
        try (var broker = start(directory);
                var ledger = Ledger.on(broker)) {
            assertThat(ledger.append("life " + round)).isEqualTo(round);
            assertThat(ledger.read(round)).isEqualTo(List.of("life " + round));
        }
    }
}
