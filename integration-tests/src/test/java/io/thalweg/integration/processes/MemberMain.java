package io.thalweg.integration.processes;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * A member of a group as the main program of a process: {@code MemberMain <topic> <name>=<value>...}. It reads the topic, commits, and
 * writes a line for each partition it is given, {@code + <partition> <generation>}, or gives up, {@code - <partition>}, and for each
 * record, {@code = <value>}. It leaves when its input ends.
 */
public final class MemberMain {

    private static final Duration POLL = Duration.ofMillis(50);

    private MemberMain() {}

    public static void main(String[] arguments) {
        var settings = new HashMap<String, Object>();
        for (var setting : List.of(arguments).subList(1, arguments.length)) {
            var parts = setting.split("=", 2);
            settings.put(parts[0], parts[1]);
        }
        var isLeaving = new AtomicBoolean();
        var waiting = new Thread(() -> awaitEndOfInput(isLeaving), "input");
        waiting.setDaemon(true);
        waiting.start();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(arguments[0]), new Announced(consumer));
            while (!isLeaving.get()) {
                consumer.poll(POLL).forEach(record -> System.out.println("= " + record.value()));
                commit(consumer);
            }
        }
    }

    private static void commit(KafkaConsumer<String, String> consumer) {
        try {
            consumer.commitSync();
        } catch (CommitFailedException | RebalanceInProgressException | RetriableException e) {
            // What was read is read again by whoever has the partition now.
        }
    }

    private static void awaitEndOfInput(AtomicBoolean isLeaving) {
        try {
            while (System.in.read() >= 0) {
                // Nothing that is said means anything.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        isLeaving.set(true);
    }

    private record Announced(KafkaConsumer<String, String> consumer) implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            var generation = consumer.groupMetadata().generationId();
            partitions.forEach(each -> System.out.println("+ " + each.partition() + " " + generation));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(each -> System.out.println("- " + each.partition()));
        }
    }
}
