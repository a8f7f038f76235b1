package io.thalweg.samples;

import static io.thalweg.api.Thalweg.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import org.jspecify.annotations.Nullable;

/** Sends and reads objects as JSON, with Jackson. */
public final class JsonOrders {

    private static final Duration POLL = Duration.ofMillis(100);

    private JsonOrders() {}

    /** What travels: {@code {"id":"A-1","cents":250}}. */
    public record Order(String id, long cents) {}

    /** A serde of the objects of a class; what is no such object is unserializable. */
    static <T> Serde<T> json(Class<T> type) {
        var mapper = new ObjectMapper();
        return Serde.of(value -> write(mapper, value), bytes -> read(mapper, type, bytes));
    }

    private static byte[] write(ObjectMapper mapper, Object value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(ObjectMapper mapper, Class<T> type, byte[] bytes) {
        try {
            return mapper.readValue(bytes, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes the bootstrap brokers. */
    public static void main(String[] args) {
        try (var client = Thalweg.connect(args[0])) {
            run(client, List.of(new Order("A-1", 250), new Order("A-2", 1_999))).forEach(System.out::println);
        }
    }

    static List<@Nullable Order> run(Thalweg client, List<Order> orders) {
        await(client.admin().createTopic(NewTopic.of("json-orders", 1)));
        try (var producer = client.producer(Serde.string(), json(Order.class))) {
            orders.forEach(order -> producer.send(ProducerRecord.of("json-orders", order.id(), order)));
        }
        var read = new ArrayList<@Nullable Order>();
        try (var reader = client.reader(Serde.string(), json(Order.class))) {
            await(reader.assign(Map.of(new TopicPartition("json-orders", 0), StartPosition.BEGINNING)));
            while (read.size() < orders.size()) {
                reader.poll(POLL).forEach(record -> read.add(record.value()));
            }
        }
        return read;
    }
}
