package io.thalweg.samples;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Apache Kafka's own Java clients, which find a broker of Thalweg by {@code bootstrap.servers} alone. */
public final class KafkaClients {

    private static final Duration POLL = Duration.ofMillis(100);

    private KafkaClients() {}

    /** Talks to the broker that is named first, {@code host:port}. */
    public static void main(String[] args) throws Exception {
        roundTrip(args[0]).forEach(System.out::println);
    }

    /** Writes two records and reads them. */
    static List<String> roundTrip(String bootstrap) throws Exception {
        // README: kafka-clients
        Map<String, Object> config = Map.of("bootstrap.servers", bootstrap);
        try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer());
                var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
            producer.send(new ProducerRecord<>("greetings", "en", "hello")).get();
            producer.send(new ProducerRecord<>("greetings", "de", "hallo")).get();

            var partition = new TopicPartition("greetings", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            var values = new ArrayList<String>();
            while (values.size() < 2) {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
            }
            return values;
        }
        // end
    }
}
