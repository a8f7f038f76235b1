package io.thalweg.simulation.sdk;

import io.thalweg.api.Consumer;
import io.thalweg.api.RebalanceListener;
import io.thalweg.api.Serde;
import io.thalweg.api.Subscription;
import io.thalweg.api.ThalwegException;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** An application that reads a topic as a member of a group, and is replaced by another from time to time. Owned by the scheduler. */
final class SdkMember implements RebalanceListener {

    private final SdkClient client;
    private final SdkLedger ledger;
    private final String name;
    private final String topic;
    private final Map<TopicPartition, Long> positions = new HashMap<>();
    private Consumer<String, String> consumer;
    private int lives;

    SdkMember(SdkClient client, SdkLedger ledger, String name, String topic) {
        this.client = client;
        this.ledger = ledger;
        this.name = name;
        this.topic = topic;
        this.consumer = join();
    }

    private Consumer<String, String> join() {
        lives++;
        positions.clear();
        return client.thalweg()
                .consumer(Subscription.builder("readers", Serde.string(), Serde.string(), topic)
                        .commitInterval(Duration.ofMillis(500))
                        .revocationTimeout(Duration.ofSeconds(2))
                        .listener(this)
                        .build());
    }

    void begin() {
        client.later(20, this::poll);
    }

    private void poll() {
        try {
            for (var record : consumer.poll(Duration.ZERO)) {
                var next = positions.put(record.partition(), record.offset() + 1);
                if (next != null && next != record.offset()) {
                    ledger.journal().violated("I28", this + " was given " + record + " and expected offset " + next);
                }
                ledger.delivered(toString(), record);
            }
        } catch (ThalwegException e) {
            ledger.journal().violated("I38", this + " cannot poll: " + e);
        }
        begin();
    }

    /** Leaves in good order, and joins anew. */
    void replace() {
        client.execute(() -> {
            ledger.journal().note(this + " leaves");
            consumer.close();
            consumer = join();
        });
    }

    @Override
    public void assigned(Set<TopicPartition> partitions) {
        ledger.journal().detail("%s has %s", this, partitions);
    }

    @Override
    public void revoked(Set<TopicPartition> partitions) {
        ledger.journal().detail("%s gives up %s", this, partitions);
        positions.keySet().removeAll(partitions);
    }

    @Override
    public void lost(Set<TopicPartition> partitions) {
        ledger.journal().detail("%s has lost %s", this, partitions);
        positions.keySet().removeAll(partitions);
    }

    @Override
    public String toString() {
        return name + "." + lives + " of " + positions.keySet();
    }
}
