package io.thalweg.simulation.sdk;

import io.thalweg.api.PartitionReader;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.TopicPartition;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An application that reads all of a topic. Owned by the scheduler. */
final class SdkReader {

    private final SdkClient client;
    private final SdkLedger ledger;
    private final PartitionReader<String, String> reader;

    SdkReader(SdkClient client, SdkLedger ledger, String topic, int partitions) {
        this.client = client;
        this.ledger = ledger;
        this.reader = client.thalweg().reader(Serde.string(), Serde.string());
        var unused = reader.assign(IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(each -> new TopicPartition(topic, each), each -> StartPosition.BEGINNING)));
    }

    void begin() {
        client.later(20, () -> {
            reader.poll(Duration.ZERO).forEach(ledger::read);
            begin();
        });
    }
}
