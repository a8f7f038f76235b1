package io.thalweg.samples;

import static io.thalweg.api.Thalweg.await;

import io.thalweg.api.NewTopic;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.RecordHandler;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Works on the events of many accounts at once, on those of one account in order, and puts aside what cannot be worked on. */
public final class KeyedWork {

    private static final int ACCOUNTS = 5;
    private static final int EVENTS = 100;

    private KeyedWork() {}

    /** Takes the bootstrap brokers. */
    public static void main(String[] args) throws InterruptedException {
        try (var client = Thalweg.connect(args[0])) {
            run(client).forEach((account, events) -> System.out.println(account + ": " + events));
        }
    }

    static Map<String, List<Integer>> run(Thalweg client) throws InterruptedException {
        await(client.admin().createTopic(NewTopic.of("events", 1)));
        await(client.admin().createTopic(NewTopic.of("events-failed", 1)));
        try (var producer = client.producer(Serde.string(), Serde.int32())) {
            for (int i = 0; i < EVENTS; i++) {
                producer.send(ProducerRecord.of("events", "account-" + i % ACCOUNTS, i));
            }
        }
        var worked = new ConcurrentHashMap<String, List<Integer>>();
        var left = new CountDownLatch(EVENTS);
        work(
                client,
                record -> {
                    worked.computeIfAbsent(String.valueOf(record.key()), first -> new CopyOnWriteArrayList<>())
                            .add(record.value());
                    left.countDown();
                },
                left);
        return worked;
    }

    private static void work(Thalweg client, RecordHandler<String, Integer> handler, CountDownLatch left)
            throws InterruptedException {
        // README: process
        var subscription = Subscription.of("workers", Serde.string(), Serde.int32(), "events");
        var config = ProcessingConfig.builder()
                .parallelism(4)
                .maxAttempts(5)
                .deadLetters("events-failed")
                .build();
        try (var processing = client.process(subscription, config, handler)) {
            processing.ended().exceptionally(failure -> {
                System.err.println("the work has stopped: " + failure);
                return null;
            });
            left.await();
        }
        // end
    }
}
