package io.thalweg.cli;

import io.thalweg.api.TopicPartition;
import io.thalweg.client.InboundRecord;
import io.thalweg.client.PartitionConsumer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Reads back what the demo writes, on a thread of its own, and notes what it sees. Handed back when the thread has ended. */
final class DemoReader {

    private static final Duration POLL = Duration.ofMillis(200);
    /** A broker that gives nothing for this long, though there is more, has lost it. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final PartitionConsumer consumer;
    private final Map<TopicPartition, SendTimes> sendTimes;
    private final Thread thread;
    private final KeyLedger ledger = new KeyLedger();
    private final LatencyHistogram latencies = new LatencyHistogram();
    private final Map<TopicPartition, Long> nextOffsets = new HashMap<>();
    private final AtomicLong readCount = new AtomicLong();
    private final AtomicLong expectedCount = new AtomicLong(Long.MAX_VALUE);
    private long gaps;
    private long endNanos = System.nanoTime();
    private @Nullable RuntimeException failure;

    DemoReader(PartitionConsumer consumer, Map<TopicPartition, SendTimes> sendTimes) {
        this.consumer = consumer;
        this.sendTimes = sendTimes;
        this.thread = new Thread(this::run, "thalweg-demo-reader");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    long readCount() {
        return readCount.get();
    }

    private void run() {
        try {
            var lastHeard = System.nanoTime();
            while (readCount.get() < expectedCount.get() && System.nanoTime() - lastHeard < PATIENCE.toNanos()) {
                var records = consumer.poll(POLL);
                var now = System.nanoTime();
                records.forEach(record -> note(record, now));
                readCount.addAndGet(records.size());
                if (!records.isEmpty() || expectedCount.get() == Long.MAX_VALUE) {
                    lastHeard = now;
                }
                endNanos = records.isEmpty() ? endNanos : now;
            }
        } catch (RuntimeException e) {
            failure = e;
        }
    }

    private void note(InboundRecord record, long now) {
        var next = nextOffsets.getOrDefault(record.partition(), 0L);
        if (record.offset() != next) {
            gaps++;
        }
        nextOffsets.put(record.partition(), record.offset() + 1);
        var times = sendTimes.get(record.partition());
        var sent = times == null ? -1 : times.at(record.offset());
        if (sent != -1) {
            latencies.record(now - sent);
        }
        var key = record.key();
        var value = record.value();
        if (value != null) {
            ledger.add(key == null ? "" : new String(key, StandardCharsets.UTF_8), ByteBuffer.wrap(value));
        }
    }

    /** Ends once so many records are read, or no more come. */
    void finishAt(long count) throws InterruptedException {
        expectedCount.set(count);
        thread.join();
        if (failure != null) {
            throw failure;
        }
    }

    KeyLedger ledger() {
        return ledger;
    }

    LatencyHistogram latencies() {
        return latencies;
    }

    long gaps() {
        return gaps;
    }

    long endNanos() {
        return endNanos;
    }
}
