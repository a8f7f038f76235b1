package io.thalweg.simulation.sdk;

import io.thalweg.api.Producer;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.ThalwegException;
import java.time.Duration;
import java.util.random.RandomGenerator;

/** An application that writes records to the partitions of a topic with an idempotent producer. Owned by the scheduler. */
final class SdkWriter {

    private static final int MOST_AT_ONCE = 5;
    private static final int MOST_PENDING = 200;

    private final SdkClient client;
    private final SdkLedger ledger;
    private final RandomGenerator random;
    private final String name;
    private final String topic;
    private final int partitions;
    private final long pauseMillis;
    private final Producer<String, String> producer;
    private long serial;
    private int pending;
    private boolean isStopped;

    SdkWriter(SdkClient client, SdkLedger ledger, RandomGenerator random, String name, String topic, int partitions) {
        this.client = client;
        this.ledger = ledger;
        this.random = random;
        this.name = name;
        this.topic = topic;
        this.partitions = partitions;
        this.pauseMillis = 20L + random.nextInt(100);
        var config = ProducerConfig.builder()
                .linger(Duration.ofMillis(random.nextInt(20)))
                .batchBytes(100 + random.nextInt(400))
                .deliveryTimeout(Duration.ofSeconds(random.nextBoolean() ? 2 + random.nextInt(20) : 3_600))
                .build();
        this.producer = client.thalweg().producer(Serde.string(), Serde.string(), config);
    }

    void begin() {
        client.later(pauseMillis, this::write);
    }

    /** Writes nothing new from now on. */
    void stop() {
        isStopped = true;
    }

    /** Whether it was told what became of everything. */
    boolean isDone() {
        return pending == 0;
    }

    private void write() {
        if (isStopped) {
            return;
        }
        for (var left = 1 + random.nextInt(MOST_AT_ONCE); left > 0 && pending < MOST_PENDING; left--) {
            send(name + "/" + serial++);
        }
        begin();
    }

    private void send(String value) {
        pending++;
        var record = ProducerRecord.<String, String>of(topic, value).withPartition(random.nextInt(partitions));
        var unused = producer.send(record).whenComplete((written, failure) -> {
            pending--;
            if (failure == null) {
                ledger.acknowledged(value, written);
            } else {
                failed(value, failure);
            }
        });
    }

    /** Records are given up when their time is over, and with them those behind; nothing else is a reason. */
    private void failed(String value, Throwable failure) {
        ledger.journal().detail("%s failed: %s", value, failure);
        if (!(failure instanceof ThalwegException known) || !known.isRetriable()) {
            ledger.journal().violated("I16", value + " failed with " + failure);
        }
    }

    @Override
    public String toString() {
        return name + " with " + pending + " records on their way";
    }
}
