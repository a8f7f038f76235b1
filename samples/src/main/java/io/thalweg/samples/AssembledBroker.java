package io.thalweg.samples;

import io.thalweg.broker.Broker;
import io.thalweg.client.Client;
import io.thalweg.client.ClientConfig;
import io.thalweg.client.ConsumerConfig;
import io.thalweg.client.Delivery;
import io.thalweg.client.NewTopic;
import io.thalweg.client.OutboundRecord;
import io.thalweg.client.ProducerConfig;
import io.thalweg.client.StartPosition;
import io.thalweg.client.TopicPartition;
import io.thalweg.memory.network.InProcessNetwork;
import io.thalweg.memory.storage.MemoryStorage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
                var client = Client.connect(network, ClientConfig.of(broker.bootstrap()))) {
            return roundTrip(client);
        }
        // end
    }

    private static List<String> roundTrip(Client client) {
        // README: client
        client.topics()
                .create(NewTopic.of("greetings", 1))
                .toCompletableFuture()
                .join();
        try (var producer = client.producer(ProducerConfig.DEFAULT);
                var consumer = client.consumer(ConsumerConfig.DEFAULT)) {
            for (var greeting : List.of("hello", "hallo")) {
                producer.send(OutboundRecord.of("greetings", null, utf8(greeting)), Delivery.IGNORED);
            }
            producer.flush().toCompletableFuture().join();

            var partition = new TopicPartition("greetings", 0);
            consumer.assign(Map.of(partition, StartPosition.BEGINNING))
                    .toCompletableFuture()
                    .join();
            var values = new ArrayList<String>();
            while (values.size() < 2) {
                consumer.poll(POLL).forEach(record -> values.add(text(record.value())));
            }
            return values;
        }
        // end
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(@Nullable ByteBuffer bytes) {
        return bytes == null ? "" : StandardCharsets.UTF_8.decode(bytes).toString();
    }
}
