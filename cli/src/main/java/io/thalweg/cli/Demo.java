package io.thalweg.cli;

import io.thalweg.api.NewTopic;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import io.thalweg.client.BatchConfig;
import io.thalweg.client.BatchProducer;
import io.thalweg.client.ClientException;
import io.thalweg.client.ConnectionConfig;
import io.thalweg.client.FetchConfig;
import io.thalweg.client.OutboundRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * One run of the demo: a client in this process and, over sockets, three brokers in processes of their own, the leader among which is
 * killed when half is written; or one broker in this process. Confined to one thread, beside the reader's and the client's.
 */
final class Demo {

    private static final String TOPIC = "demo";
    /** Enough to keep the broker busy; more would only wait longer. */
    private static final long BUFFER_BYTES = 4L << 20;

    private static final int BATCH_BYTES = 32 << 10;
    private static final Duration LINGER = Duration.ofMillis(2);
    private static final int PACE_EVERY = 64;

    private final DemoPlan plan;
    private final Terminal terminal;
    private final KeyLedger written = new KeyLedger();
    private final LatencyHistogram produced = new LatencyHistogram();
    private final Map<TopicPartition, SendTimes> sendTimes = new LinkedHashMap<>();
    private final AtomicReference<@Nullable ClientException> firstFailure = new AtomicReference<>();
    private long sentCount;
    private long sentBytes;
    private long inputBytes;
    private @Nullable DemoKill kill;

    Demo(DemoPlan plan, Terminal terminal) {
        this.plan = plan;
        this.terminal = terminal;
    }

    DemoResult run() throws IOException, InterruptedException {
        var directory = Files.createTempDirectory("thalweg-demo-");
        var cleaner = new Thread(() -> deleteQuietly(directory), "thalweg-demo-clean");
        Runtime.getRuntime().addShutdownHook(cleaner);
        try {
            return runIn(directory);
        } finally {
            deleteQuietly(directory);
        }
    }

    private static void deleteQuietly(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            System.getLogger("io.thalweg.cli.Demo")
                    .log(System.Logger.Level.WARNING, "{0} could not be deleted: {1}", directory, e.toString());
        }
    }

    private DemoResult runIn(Path directory) throws IOException, InterruptedException {
        var began = System.nanoTime();
        try (var brokers = plan.brokers() == 1 ? DemoBroker.start(directory) : DemoCluster.start(directory);
                var session = ClientSession.open(
                        ConnectionConfig.of(brokers.bootstrap()).withClientId("thalweg-demo"), terminal)) {
            var startMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            terminal.err()
                    .println((brokers.count() == 1 ? "broker" : brokers.count() + " brokers") + " on "
                            + brokers.bootstrap() + ", started in " + startMillis + " ms; data in " + directory);
            return stream(brokers, session, startMillis);
        }
    }

    private DemoResult stream(DemoBrokers brokers, ClientSession session, long startMillis)
            throws IOException, InterruptedException {
        session.await(session.client().topics().create(topic(brokers)));
        var positions = new LinkedHashMap<TopicPartition, StartPosition>();
        for (var partition : session.await(session.client().partitions(TOPIC))) {
            positions.put(partition, StartPosition.BEGINNING);
            sendTimes.put(partition, new SendTimes());
        }
        try (var consumer = session.client().consumer(FetchConfig.DEFAULT)) {
            session.await(consumer.assign(positions));
            var reader = new DemoReader(consumer, sendTimes);
            reader.start();
            var began = System.nanoTime();
            sendAll(brokers, session, reader);
            reader.finishAt(sentCount);
            return new DemoResult(
                    sentCount,
                    reader.readCount(),
                    sentBytes,
                    written.keysCount(),
                    written.differences(reader.ledger()),
                    reader.gaps(),
                    startMillis,
                    reader.endNanos() - began,
                    produced,
                    reader.latencies(),
                    kill);
        }
    }

    private NewTopic topic(DemoBrokers brokers) {
        return brokers.count() == 1
                ? NewTopic.of(TOPIC, plan.partitions())
                : new NewTopic(TOPIC, plan.partitions(), brokers.count(), Map.of("min.insync.replicas", "2"));
    }

    private void sendAll(DemoBrokers brokers, ClientSession session, DemoReader reader) throws IOException {
        var config = BatchConfig.DEFAULT
                .withBatching(BATCH_BYTES, LINGER)
                .withBufferBytes(BUFFER_BYTES)
                .withCompression(plan.compression());
        var progress = new ProgressBar(terminal);
        var totalBytes = Math.max(1, Files.size(plan.file()) * plan.repeat());
        try (var producer = session.client().producer(config)) {
            for (int i = 0; i < plan.repeat() && firstFailure.get() == null; i++) {
                sendFile(producer, progress, reader, totalBytes, () -> killLeader(brokers, session));
            }
            session.await(producer.flush());
        } finally {
            progress.end();
        }
        var failure = firstFailure.get();
        if (failure != null) {
            throw failure;
        }
    }

    /** The broker that leads the first partition goes, without a word. */
    private void killLeader(DemoBrokers brokers, ClientSession session) {
        var partitions =
                session.await(session.client().topics().describe(TOPIC)).partitions();
        var leader = partitions.get(0).leaderId();
        var ledCount = partitions.stream()
                .filter(partition -> partition.leaderId() == leader)
                .count();
        brokers.kill(leader);
        kill = new DemoKill(leader, ledCount);
        terminal.err()
                .println("killed broker " + leader + ", which led " + ledCount + " of " + partitions.size()
                        + " partitions");
    }

    private void sendFile(
            BatchProducer producer, ProgressBar progress, DemoReader reader, long totalBytes, Runnable halfWay)
            throws IOException {
        var format = LineFormat.of(plan.file().toString(), plan.keyField(), null);
        var pace = new Pace(plan.rate());
        try (var lines = Files.newBufferedReader(plan.file(), StandardCharsets.UTF_8)) {
            for (var line = lines.readLine(); line != null && firstFailure.get() == null; line = lines.readLine()) {
                inputBytes += line.length() + 1;
                var record = format.read(line);
                if (record.isPresent()) {
                    send(producer, record.get());
                    pace.await();
                    if (plan.brokers() > 1 && kill == null && 2 * inputBytes >= totalBytes) {
                        halfWay.run();
                    }
                    if (sentCount % PACE_EVERY == 0) {
                        progress.show((double) inputBytes / totalBytes, sentCount, reader.readCount());
                    }
                }
            }
        }
    }

    /** A record whose key field is null is kept under the empty key, so that its order can be checked too. */
    private void send(BatchProducer producer, RecordLine line) {
        var text = line.key() == null ? "" : line.key();
        var key = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        var value = ByteBuffer.wrap(line.value().getBytes(StandardCharsets.UTF_8));
        written.add(text, value);
        sentBytes += key.remaining() + value.remaining();
        sentCount++;
        var sentNanos = System.nanoTime();
        var partition = producer.send(
                OutboundRecord.of(TOPIC, key, value), (ignored, offset, failure) -> completed(sentNanos, failure));
        var times = sendTimes.get(partition);
        if (times != null) {
            times.note(sentNanos);
        }
    }

    /** On the client's thread. */
    private void completed(long sentNanos, @Nullable ClientException failure) {
        if (failure == null) {
            produced.record(System.nanoTime() - sentNanos);
        } else {
            firstFailure.compareAndSet(null, failure);
        }
    }

    /** Keeps the sending to a rate: a record is due when those before it, at that rate, would be through. */
    private static final class Pace {

        private final double nanosPerRecord;
        private final long begin = System.nanoTime();
        private long count;

        Pace(long recordsPerSecond) {
            nanosPerRecord = recordsPerSecond == 0 ? 0 : 1e9 / recordsPerSecond;
        }

        void await() {
            count++;
            var due = begin + (long) (count * nanosPerRecord);
            for (var left = due - System.nanoTime(); nanosPerRecord > 0 && left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
        }
    }
}
