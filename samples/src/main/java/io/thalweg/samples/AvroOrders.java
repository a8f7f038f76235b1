package io.thalweg.samples;

import static io.thalweg.api.Thalweg.await;

import io.thalweg.api.NewTopic;
import io.thalweg.api.ProducerRecord;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Thalweg;
import io.thalweg.api.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * Sends records of Avro, and reads them by a newer schema than they were written with. Their bytes begin with a fingerprint of the schema
 * (Avro's single-object encoding), so that a reader that knows all schemas needs no registry.
 */
public final class AvroOrders {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final String TOPIC = "avro-orders";

    private static final Schema FIRST =
            SchemaBuilder.record("Order").fields().requiredString("id").endRecord();
    private static final Schema SECOND = SchemaBuilder.record("Order")
            .fields()
            .requiredString("id")
            .name("currency")
            .type()
            .stringType()
            .stringDefault("EUR")
            .endRecord();

    private AvroOrders() {}

    /** A serde that writes by the schema, and reads what was written by it or by an older one. */
    static Serde<GenericRecord> avro(Schema schema, Schema... older) {
        var encoder = new BinaryMessageEncoder<GenericRecord>(GenericData.get(), schema);
        var decoder = new BinaryMessageDecoder<GenericRecord>(GenericData.get(), schema);
        for (var each : older) {
            decoder.addSchema(each);
        }
        return Serde.of(record -> write(encoder, record), bytes -> read(decoder, bytes));
    }

    private static byte[] write(BinaryMessageEncoder<GenericRecord> encoder, GenericRecord record) {
        try {
            var encoded = encoder.encode(record);
            var bytes = new byte[encoded.remaining()];
            encoded.get(bytes);
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GenericRecord read(BinaryMessageDecoder<GenericRecord> decoder, byte[] bytes) {
        try {
            return decoder.decode(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the bootstrap brokers. */
    public static void main(String[] args) {
        try (var client = Thalweg.connect(args[0])) {
            run(client, List.of("A-1", "A-2")).forEach(System.out::println);
        }
    }

    static List<String> run(Thalweg client, List<String> ids) {
        await(client.admin().createTopic(NewTopic.of(TOPIC, 1)));
        try (var producer = client.producer(Serde.string(), avro(FIRST))) {
            for (var id : ids) {
                var order = new GenericData.Record(FIRST);
                order.put("id", id);
                producer.send(ProducerRecord.of(TOPIC, id, order));
            }
        }
        var read = new ArrayList<String>();
        try (var reader = client.reader(Serde.string(), avro(SECOND, FIRST))) {
            await(reader.assign(Map.of(new TopicPartition(TOPIC, 0), StartPosition.BEGINNING)));
            while (read.size() < ids.size()) {
                for (var record : reader.poll(POLL)) {
                    var order = Objects.requireNonNull(record.value());
                    read.add(order.get("id") + " in " + order.get("currency"));
                }
            }
        }
        return read;
    }
}
