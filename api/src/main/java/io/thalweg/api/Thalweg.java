package io.thalweg.api;

import java.util.ServiceLoader;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;

/**
 * A client of a cluster: makes producers and consumers, and looks after topics and groups.
 *
 * <p><b>Threads.</b> Any thread may call. A client has one thread, the event loop of its connections, whatever it makes: all its state is
 * there, batches are compressed there and stages complete there. Beside it are one that looks up names while one is looked up, and those
 * that a {@link Processing} and a subscriber of a publisher have for the application's code.
 *
 * <p><b>Close.</b> Idempotent. What it made and is still open is closed first: producers send what they were given, members leave their
 * groups.
 *
 * <p>Creates a topic, writes to it and reads from its beginning:
 *
 * <pre>{@code
 * await(client.admin().createTopic(NewTopic.of("greetings", 1)));
 * try (var producer = client.producer(Serde.string(), Serde.string());
 *         var reader = client.reader(Serde.string(), Serde.string())) {
 *     producer.sendAndWait(ProducerRecord.of("greetings", "en", "hello"));
 *     producer.sendAndWait(ProducerRecord.of("greetings", "de", "hallo"));
 *
 *     await(reader.assign(Map.of(new TopicPartition("greetings", 0), StartPosition.BEGINNING)));
 *     var values = new ArrayList<String>();
 *     while (values.size() < 2) {
 *         reader.poll(POLL).forEach(record -> values.add(record.value()));
 *     }
 *     return values;
 * }
 * }</pre>
 */
public interface Thalweg extends AutoCloseable {

    /** A client of these brokers, {@code host:port} separated by commas, with the defaults of {@link ClientConfig}. */
    static Thalweg connect(String bootstrap) {
        return connect(ClientConfig.of(bootstrap));
    }

    /**
     * A client as configured.
     *
     * @throws IllegalArgumentException if the transport does not take its settings
     * @throws IllegalStateException if there is no implementation on the module or class path
     */
    static Thalweg connect(ClientConfig config) {
        return ServiceLoader.load(ClientProvider.class)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no client found: put thalweg-client on the module or class path beside thalweg-api"))
                .connect(config);
    }

    /** Makes a producer with the defaults of {@link ProducerConfig}: idempotent, acknowledged by all in-sync replicas. */
    default <K, V> Producer<K, V> producer(Serde<K> keys, Serde<V> values) {
        return producer(keys, values, ProducerConfig.DEFAULT);
    }

    /** Makes a producer. */
    <K, V> Producer<K, V> producer(Serde<K> keys, Serde<V> values, ProducerConfig config);

    /** Makes a reader of partitions that the application chooses, with the defaults of {@link ReaderConfig}. */
    default <K, V> PartitionReader<K, V> reader(Serde<K> keys, Serde<V> values) {
        return reader(keys, values, ReaderConfig.DEFAULT);
    }

    /** Makes a reader of partitions that the application chooses. */
    <K, V> PartitionReader<K, V> reader(Serde<K> keys, Serde<V> values, ReaderConfig config);

    /** Joins the group as a member that is polled. */
    <K, V> Consumer<K, V> consumer(Subscription<K, V> subscription);

    /**
     * Gives a publisher of the group's records. Each subscriber is a member of its own, which joins when it subscribes and leaves when it
     * cancels. A record counts as done when {@code onNext} returns.
     */
    <K, V> Flow.Publisher<ConsumerRecord<K, V>> publisher(Subscription<K, V> subscription);

    /** Joins the group and calls the handler for its records, for several keys at once. */
    <K, V> Processing process(Subscription<K, V> subscription, ProcessingConfig config, RecordHandler<K, V> handler);

    /** Looks after topics, groups and the cluster. */
    Admin admin();

    @Override
    void close();

    /**
     * Waits for a stage of this API, without pinning a virtual thread. It is the one way from the asynchronous side to the blocking one.
     *
     * <p>On the client's own thread it would wait for ever. That is refused for stages of this API and what is made of them by their
     * methods; it is not noticed of those that {@code CompletableFuture.allOf}, {@code anyOf} and {@code minimalCompletionStage} make, nor
     * of others that wait for one of this API.
     *
     * @throws IllegalStateException on the client's own thread if the stage is not done
     * @throws ThalwegException what the stage failed with
     */
    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw ThalwegException.from(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ThalwegException.Interrupted("interrupted while waiting", e);
        }
    }
}
