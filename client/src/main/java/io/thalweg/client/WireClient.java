package io.thalweg.client;

import io.thalweg.api.Admin;
import io.thalweg.api.ClientConfig;
import io.thalweg.api.Consumer;
import io.thalweg.api.ConsumerRecord;
import io.thalweg.api.PartitionReader;
import io.thalweg.api.Processing;
import io.thalweg.api.ProcessingConfig;
import io.thalweg.api.Producer;
import io.thalweg.api.ProducerConfig;
import io.thalweg.api.ReaderConfig;
import io.thalweg.api.RecordHandler;
import io.thalweg.api.Serde;
import io.thalweg.api.StartPosition;
import io.thalweg.api.Subscription;
import io.thalweg.api.Thalweg;
import io.thalweg.spi.transport.Transport;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@link Thalweg} over the Kafka wire protocol. Any thread may call. */
public final class WireClient implements Thalweg {

    private final Client client;
    private final Runnable whenClosed;
    private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
    private volatile boolean isClosed;

    private WireClient(Client client, Runnable whenClosed) {
        this.client = client;
        this.whenClosed = whenClosed;
    }

    /** A client on this transport, which is lent until the client is closed; the in-process network is one. */
    public static Thalweg over(Transport transport, ClientConfig config) {
        return new WireClient(Client.connect(transport, ConnectionConfig.of(config)), () -> {});
    }

    /**
     * A client on this runtime, whose loop it closes: what a simulation has in place of threads, time and chance. Handlers of
     * {@link #process} and the records of {@link #publisher} have threads all the same.
     */
    public static Thalweg on(ClientRuntime runtime, ClientConfig config) {
        return new WireClient(Client.on(runtime, ConnectionConfig.of(config)), () -> {});
    }

    static Thalweg owning(Transport transport, ClientConfig config) {
        return new WireClient(Client.connect(transport, ConnectionConfig.of(config)), transport::close);
    }

    /** Keeps what is made, so that it is closed with the client. */
    private <T extends AutoCloseable> T keep(Function<Runnable, T> make) {
        if (isClosed) {
            throw new IllegalStateException("the client is closed");
        }
        var made = new Object() {
            volatile AutoCloseable self = () -> {};
        };
        var result = make.apply(() -> open.remove(made.self));
        made.self = result;
        open.add(result);
        return result;
    }

    @Override
    public <K, V> Producer<K, V> producer(Serde<K> keys, Serde<V> values, ProducerConfig config) {
        return keep(closed -> new TypedProducer<>(
                client.producer(BatchConfig.of(config)), client.runtime(), keys, values, config, closed));
    }

    @Override
    public <K, V> PartitionReader<K, V> reader(Serde<K> keys, Serde<V> values, ReaderConfig config) {
        return keep(closed -> new TypedReader<>(
                client.runtime(), client.consumer(FetchConfig.of(config)), new RecordDecoder<>(keys, values), closed));
    }

    @Override
    public <K, V> Consumer<K, V> consumer(Subscription<K, V> subscription) {
        return member(subscription, null);
    }

    private <K, V> PolledConsumer<K, V> member(Subscription<K, V> subscription, @Nullable StartPosition whenGone) {
        var made = keep(closed -> new PolledConsumer<>(
                client.runtime(),
                subscription,
                fetching(subscription, whenGone),
                client.members(subscription),
                closed));
        made.start();
        return made;
    }

    private PartitionConsumer fetching(Subscription<?, ?> subscription, @Nullable StartPosition whenGone) {
        return client.consumer(FetchConfig.of(subscription.reader()), new GonePolicy(whenGone, true));
    }

    @Override
    public <K, V> Flow.Publisher<ConsumerRecord<K, V>> publisher(Subscription<K, V> subscription) {
        return new RecordPublisher<>(subscription.group(), () -> member(subscription, subscription.start()));
    }

    @Override
    public <K, V> Processing process(
            Subscription<K, V> subscription, ProcessingConfig config, RecordHandler<K, V> handler) {
        KeyedProcessing.check(subscription);
        var made = keep(closed -> new KeyedProcessing<>(
                client.runtime(),
                subscription,
                config,
                handler,
                fetching(subscription, subscription.start()),
                config.deadLetterTopic()
                        .map(topic -> new DeadLetters(topic, client.producer(BatchConfig.DEFAULT)))
                        .orElse(null),
                client.members(subscription),
                closed));
        made.start();
        return made;
    }

    @Override
    public Admin admin() {
        return client.admin();
    }

    @Override
    public void close() {
        isClosed = true;
        RuntimeException failure = null;
        for (var each : List.copyOf(open)) {
            try {
                each.close();
            } catch (Exception e) {
                failure = Failures.toApi(e);
            } finally {
                open.remove(each);
            }
        }
        client.close();
        whenClosed.run();
        if (failure != null) {
            throw failure;
        }
    }
}
