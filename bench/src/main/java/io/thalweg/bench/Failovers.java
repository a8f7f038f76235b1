package io.thalweg.bench;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Kills the leader of a partition while a producer with acks=all sends a record each millisecond, and looks at when records were
 * acknowledged.
 */
final class Failovers {

    private static final String TOPIC = "failover";
    private static final long GAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long WARM_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    /** So many acknowledgements in a row, since the kill, say that the stall is over. */
    private static final int GOING_ON = 200;

    private final Members members;

    Failovers(Members members) {
        this.members = members;
        members.create(TOPIC, 1, false);
    }

    /**
     * What came of a kill.
     *
     * @param firstMillis from the kill to the end of the longest time without an acknowledgement: the new leader's first
     * @param stallMillis that longest time
     * @param wasController whether the metadata quorum had to find another leader, too
     */
    record Outcome(double firstMillis, double stallMillis, boolean wasController) {}

    Outcome once() throws InterruptedException {
        members.awaitInSync(List.of(TOPIC));
        var leader = members.leaderOf(TOPIC);
        var wasController = leader == members.controller();
        var acknowledged = new ConcurrentLinkedQueue<Long>();
        var config = Map.<String, Object>of(
                "bootstrap.servers",
                members.bootstrap(),
                "acks",
                "all",
                "linger.ms",
                "0",
                "delivery.timeout.ms",
                "120000",
                "max.block.ms",
                "120000");
        long killed;
        try (var producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
            send(producer, acknowledged, System.nanoTime() + WARM_NANOS, Integer.MAX_VALUE);
            killed = System.nanoTime();
            members.kill(leader);
            var before = acknowledged.size();
            send(producer, acknowledged, killed + LIMIT_NANOS, before + GOING_ON);
        }
        members.launchAgain(leader);
        members.awaitAll();
        return outcome(List.copyOf(acknowledged), killed, wasController);
    }

    private static void send(
            KafkaProducer<byte[], byte[]> producer,
            ConcurrentLinkedQueue<Long> acknowledged,
            long untilNanos,
            int count) {
        var value = new byte[100];
        for (var due = System.nanoTime(); due < untilNanos && acknowledged.size() < count; due += GAP_NANOS) {
            LockSupport.parkNanos(due - System.nanoTime());
            var unused = producer.send(new ProducerRecord<>(TOPIC, 0, null, value), (metadata, failure) -> {
                if (failure == null) {
                    acknowledged.add(System.nanoTime());
                }
            });
        }
    }

    private static Outcome outcome(List<Long> times, long killed, boolean wasController) {
        var stall = 0L;
        var end = killed;
        for (var i = 1; i < times.size(); i++) {
            var gap = times.get(i) - times.get(i - 1);
            if (times.get(i) >= killed && gap > stall) {
                stall = gap;
                end = times.get(i);
            }
        }
        return new Outcome((end - killed) / 1e6, stall / 1e6, wasController);
    }
}
