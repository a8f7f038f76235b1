package io.thalweg.samples;

import static io.thalweg.api.Thalweg.await;

import io.thalweg.api.ClientConfig;
import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import io.thalweg.broker.Broker;
import io.thalweg.client.WireClient;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A broker put together from other parts, with neither disk nor sockets, and Thalweg's own client on the same network. */
public final class AssembledBroker {

    private static final Duration POLL = Duration.ofMillis(100);

    private AssembledBroker() {}

    /** Needs no arguments. */
    public static void main(String[] args) {
        run().forEach(System.out::println);
    }

    static List<String> run() {
        // README: assemble
        try (var network = InProcessNetwork.open();
                var broker = Broker.builder()
                        .storage(new MemoryStorage())
                        .transport(network)
                        .listen("broker:9092")
                        .config("num.partitions", "1")
                        .start();
                var client = WireClient.over(network, ClientConfig.of(broker.bootstrap()))) {
            return roundTrip(client);
        }
        // end
    }

    private static List<String> roundTrip(Thalweg client) {
        // README: client
        await(client.admin().createTopic(NewTopic.of("greetings", 1)));
        try (var producer = client.producer(Serde.string(), Serde.string());
                var reader = client.reader(Serde.string(), Serde.string())) {
            producer.sendAndWait(ProducerRecord.of("greetings", "en", "hello"));
            producer.sendAndWait(ProducerRecord.of("greetings", "de", "hallo"));

            await(reader.assign(Map.of(new TopicPartition("greetings", 0), StartPosition.BEGINNING)));
            var values = new ArrayList<String>();
            while (values.size() < 2) {
                reader.poll(POLL).forEach(record -> values.add(record.value()));
            }
            return values;
        }
        // end
    }
}
